using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>Studies written and read as JSON, which YAML reads too, with a few of the faults that the silo finds.</summary>
internal static class JsonStudies
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static readonly ImmutableArray<ArmSpecification> KnownArms =
    [
        new() { Name = "control", Data = "base" },
        new() { Name = "low-risk", Data = "filtered" },
        new() { Name = "full" },
        new() { Name = "masked", MaskedLabels = [2, 3] },
        new() { Name = "unlikelihood", UnlikelihoodLabels = [3] },
    ];

    public static void Use(InMemoryLab lab, params StudySpecification[] samples)
    {
        lab.Reader = Read;
        lab.Writer = Write;
        lab.KnownArms = KnownArms;
        lab.Samples = [.. samples.Select(sample => new SampleStudy(sample.Name, Write(sample)))];
    }

    public static string Write(StudySpecification specification) => JsonSerializer.Serialize(specification, Options);

    public static StudyReading Read(string text)
    {
        try
        {
            var study = JsonSerializer.Deserialize<StudySpecification>(text, Options)!;
            return new StudyReading(study, [.. Faults(study)]);
        }
        catch (JsonException exception)
        {
            return new StudyReading(null, [$"Line {exception.LineNumber + 1}: not YAML."]);
        }
    }

    private static IEnumerable<string> Faults(StudySpecification study)
    {
        if (!Identifiers.IsValid(study.Name))
        {
            yield return $"name: '{study.Name}' is not a valid name.";
        }

        if (study.Training.Steps < 1)
        {
            yield return $"training.steps is {study.Training.Steps}, expected at least 1.";
        }

        if (study.Seeds.IsEmpty)
        {
            yield return "seeds: at least one is expected.";
        }

        for (var i = 0; i < study.Arms.Length; i++)
        {
            if (!Identifiers.IsValid(study.Arms[i].Name))
            {
                yield return $"arms[{i}].name: '{study.Arms[i].Name}' is not a valid name.";
            }
        }
    }
}
