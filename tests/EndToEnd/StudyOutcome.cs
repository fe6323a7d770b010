using System.Globalization;
using System.Text.Json.Nodes;

namespace SlungOrleans.EndToEnd;

/// <summary>All that an interruption must not change, as one text: per run its weights' hash and the loss of every step; then the comparison.</summary>
internal static class StudyOutcome
{
    public static async Task<string> ReadAsync(string data, string study)
    {
        var lines = new List<string>();
        var runs = Path.Combine(data, "blobs", "runs");
        foreach (var run in Directory.EnumerateDirectories(runs).Order(StringComparer.Ordinal))
        {
            var checkpoints = Path.Combine(run, "checkpoints");
            var head = Parse(await File.ReadAllTextAsync(Path.Combine(checkpoints, "head.json")));
            var manifest = Parse(await File.ReadAllTextAsync(Path.Combine(checkpoints, (string)head["checkpoints"]![0]!["manifest"]!)));
            lines.Add($"{Path.GetFileName(run)} step {manifest["step"]} weights {manifest["weights"]!["sha256"]} losses {manifest["lossHistoryHash"]}");
            lines.AddRange((await ReadLossesAsync(Path.Combine(run, "metrics"))).Select(pair => $"  {pair.Key} {pair.Value}"));
        }

        lines.Add(await File.ReadAllTextAsync(Path.Combine(data, "blobs", "studies", study, "comparison.json")));
        return string.Join('\n', lines);
    }

    /// <summary>The loss of every step; where attempts overlap, the newest counts.</summary>
    private static async Task<SortedDictionary<long, string>> ReadLossesAsync(string metrics)
    {
        var losses = new SortedDictionary<long, string>();
        foreach (var segment in Directory.EnumerateFiles(metrics, "*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach (var line in await File.ReadAllLinesAsync(segment))
            {
                var point = Parse(line);
                losses[(long)point["step"]!] = ((double)point["loss"]!).ToString("R", CultureInfo.InvariantCulture);
            }
        }

        return losses;
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json) ?? throw new InvalidDataException("An empty document.");
}
