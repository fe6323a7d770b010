using System.Text.Json.Nodes;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Fields of a study that a model folder decides: where <c>model.from</c> is given they are not, so that nobody believes they count.</summary>
internal static class ModelFolderFields
{
    private static readonly string[] OfModel = ["from", "fromSha256", "moments", "sequenceLength"];

    public static IEnumerable<string> Faults(JsonObject root, YamlToJson reading)
    {
        if (root["model"] is not JsonObject model || model["from"] is null)
        {
            yield break;
        }

        foreach (var (name, _) in model.Where(field => !OfModel.Contains(field.Key)))
        {
            yield return $"Line {reading.LineOf($"$.model.{name}")}: model.{name}: comes from the folder that model.from names; leave it out.";
        }

        if (root["tokenizer"] is not null)
        {
            yield return $"Line {reading.LineOf("$.tokenizer")}: tokenizer: comes from the folder that model.from names; leave it out.";
        }
    }

    public static void LeaveOut(JsonObject root)
    {
        var model = root["model"]!.AsObject();
        string[] decided = model["from"] is null ? ["from", "fromSha256", "moments", "momentSteps", "vocabularySize"] : [.. model.Select(field => field.Key).Except(OfModel)];
        foreach (var name in decided)
        {
            model.Remove(name);
        }

        if (model["from"] is not null)
        {
            root.Remove("tokenizer");
        }
    }
}
