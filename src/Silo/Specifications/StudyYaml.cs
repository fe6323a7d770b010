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

        // A name without a value (`name:`) is a fault of the text, not a study without a name.
        RespectNullableAnnotations = true,
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

        List<string> faults = [.. ExpandKnownArms(root, reading), .. ModelFolderFields.Faults(root, reading)];
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

    /// <summary>
    /// The study as YAML. Settings are spelled out even where they are as by default, so that a text means the same in a later version; what
    /// is empty, and how a corpus is read where that is as by default, is left out.
    /// </summary>
    public static string Write(StudySpecification specification)
    {
        var root = JsonSerializer.SerializeToNode(specification, Options)!.AsObject();
        root["corpora"] = new JsonArray([.. specification.Corpora.Select(ToNode)]);
        root["arms"] = new JsonArray([.. specification.Arms.Select(ToNode)]);
        ModelFolderFields.LeaveOut(root);
        LeaveOutEmpty(root);
        return YamlWriter.Write(root);
    }

    private static JsonNode ToNode(CorpusSpecification corpus)
    {
        var node = JsonSerializer.SerializeToNode(corpus, Options)!.AsObject();
        var asByDefault = JsonSerializer.SerializeToNode(new CorpusSpecification { Name = corpus.Name }, Options)!.AsObject();
        foreach (var (name, value) in asByDefault)
        {
            if (name != "name" && JsonNode.DeepEquals(node[name], value))
            {
                node.Remove(name);
            }
        }

        return node;
    }

    private static JsonNode ToNode(ArmSpecification arm)
    {
        var node = JsonSerializer.SerializeToNode(arm, Options)!;
        return KnownArms.Find(arm.Name) is { } known && JsonNode.DeepEquals(JsonSerializer.SerializeToNode(known, Options), node) ? JsonValue.Create(arm.Name) : node;
    }

    private static void LeaveOutEmpty(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                LeaveOutEmpty(item);
            }
        }
        else if (node is JsonObject mapping)
        {
            foreach (var (name, value) in mapping.ToList())
            {
                LeaveOutEmpty(value);
                if (value is null or JsonArray { Count: 0 } || (name == "description" && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0))
                {
                    mapping.Remove(name);
                }
            }
        }
    }

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
