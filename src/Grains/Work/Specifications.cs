using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>Compares specifications by content: records with immutable arrays are equal only by reference.</summary>
internal static class Specifications
{
    public static bool Same<T>(T left, T right) => JsonSerializer.Serialize(left) == JsonSerializer.Serialize(right);

    /// <summary>Whether a training is another one with more steps, as <see cref="TrainingSpecification.ExtendTo"/> makes it, once or several times.</summary>
    public static bool IsContinuation(TrainingSpecification longer, TrainingSpecification shorter) =>
        longer.Steps > shorter.Steps
        && longer.ScheduleSteps == (shorter.ScheduleSteps ?? shorter.Steps)
        && Same(longer with { Steps = shorter.Steps, ScheduleSteps = shorter.ScheduleSteps }, shorter);
}
