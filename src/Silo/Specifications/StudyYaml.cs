using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Reads a study written as YAML. Fields have the names of <see cref="StudySpecification"/> in camel case; a known arm may be given by its name alone.</summary>
internal static class StudyYaml
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
    };

    public static StudyReading Read(string yaml)
    {
        YamlToJson reading;
        try
        {
            reading = YamlToJson.Read(yaml);
        }
        catch (FormatException exception)
        {
            return new StudyReading(null, [exception.Message]);
        }

        if (reading.Root is not JsonObject root)
        {
            return new StudyReading(null, ["Line 1: a study is expected: a mapping with name, data, arms, seeds and so on."]);
        }

        var faults = ExpandKnownArms(root, reading);
        if (faults.Count > 0)
        {
            return new StudyReading(null, [.. faults]);
        }

        try
        {
            var specification = root.Deserialize<StudySpecification>(Options)!;
            return new StudyReading(specification, StudyValidation.Faults(specification));
        }
        catch (JsonException exception)
        {
            var path = exception.Path ?? "$";
            return new StudyReading(null, [$"Line {reading.LineOf(path)}: {path.TrimStart('$').TrimStart('.')}: {Explain(exception)}"]);
        }
    }

    /// <summary>The study as YAML would say it in JSON's form, which YAML reads too.</summary>
    public static string Write(StudySpecification specification) =>
        JsonSerializer.Serialize(specification, new JsonSerializerOptions(Options) { WriteIndented = true });

    private static List<string> ExpandKnownArms(JsonObject root, YamlToJson reading)
    {
        var faults = new List<string>();
        if (root["arms"] is not JsonArray arms)
        {
            return faults;
        }

        for (var i = 0; i < arms.Count; i++)
        {
            if (arms[i] is JsonValue value)
            {
                var name = value.ToString();
                if (KnownArms.Find(name) is { } arm)
                {
                    arms[i] = JsonSerializer.SerializeToNode(arm, Options);
                }
                else
                {
                    faults.Add($"Line {reading.LineOf($"$.arms[{i}]")}: arms[{i}]: there is no arm '{name}'; expected one of {KnownArms.Names}, or an arm spelled out (name, data, maskedLabels, unlikelihoodLabels).");
                }
            }
        }

        return faults;
    }

    private static string Explain(JsonException exception)
    {
        const string unmapped = "The JSON property '";
        if (exception.Message.StartsWith(unmapped, StringComparison.Ordinal))
        {
            var name = exception.Message[unmapped.Length..exception.Message.IndexOf('\'', unmapped.Length)];
            return $"there is no field '{name}' here.";
        }

        return "the value does not have the form that is expected here (a number, a text, a list or a mapping).";
    }
}
