using System.Globalization;
using System.Text.RegularExpressions;

namespace SlungOrleans.Contracts;

/// <summary>Names of studies, corpora, runs, evaluations and jobs: 1 to 96 characters of <c>[a-z0-9-]</c>, starting with a letter or digit.</summary>
public static partial class Identifiers
{
    /// <summary>The key of the grains of which there is one.</summary>
    public const string Default = "default";

    /// <summary>Whether <paramref name="value"/> is a valid identifier.</summary>
    public static bool IsValid(string? value) => value is not null && Pattern().IsMatch(value);

    /// <summary>Returns <paramref name="value"/> if it is a valid identifier.</summary>
    /// <exception cref="ArgumentException">It is not; the message names <paramref name="what"/>.</exception>
    public static string Ensure(string? value, string what) => IsValid(value)
        ? value!
        : throw new ArgumentException($"{what}: '{value}' is not a valid name; expected 1 to 96 characters of a-z, 0-9 and '-', starting with a letter or digit.");

    /// <summary>The id of the run of one arm, seed and amount of a study; the amount (0 to 1) is written in tenths of a percent.</summary>
    public static string ForRun(string study, string arm, int seed, double amount) =>
        string.Create(CultureInfo.InvariantCulture, $"{study}-{arm}-a{(int)Math.Round(amount * 1000)}-s{seed}");

    /// <summary>The id of the evaluation of one run's last checkpoint by one suite; of a run that was continued, the evaluation after more steps is another one, and those before it stay.</summary>
    public static string ForEvaluation(string run, string suite, TrainingSpecification training) => training.ScheduleSteps is null
        ? $"{run}-{suite}"
        : string.Create(CultureInfo.InvariantCulture, $"{run}-{suite}-t{training.Steps}");

    /// <summary>The id of the tagging of one version of a corpus by one tagger.</summary>
    public static string ForTaggingJob(string corpus, string version, string tagger) => $"{corpus}-{version[..Math.Min(12, version.Length)]}-{tagger}";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,95}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
