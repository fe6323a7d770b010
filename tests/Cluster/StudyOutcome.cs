using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SlungOrleans.Storage;

namespace SlungOrleans.Cluster.Tests;

/// <summary>What silos wrote, read from the store they share.</summary>
internal static partial class StudyOutcome
{
    private const string Head = "/checkpoints/head.json";

    /// <summary>All that an interruption must not change, as one text: per run its weights' hash and the loss of every step; then the comparison.</summary>
    public static async Task<string> ReadAsync(IBlobStore store, string study)
    {
        var lines = new List<string>();
        foreach (var (run, head) in await ReadHeadsAsync(store))
        {
            var manifest = await ParseAsync(store, $"runs/{run}/checkpoints/{head["checkpoints"]![0]!["manifest"]}");
            lines.Add($"{run} step {manifest["step"]} weights {manifest["weights"]!["sha256"]} losses {manifest["lossHistoryHash"]}");
            var losses = new SortedDictionary<long, string>();
            foreach (var (_, step, loss) in await ReadMetricsAsync(store, run))
            {
                losses[step] = loss;
            }

            lines.AddRange(losses.Select(pair => $"  {pair.Key} {pair.Value}"));
        }

        lines.Add(await store.ReadAllTextAsync($"studies/{study}/comparison.json"));
        return string.Join('\n', lines);
    }

    /// <summary>The heads of all runs' checkpoints, by run.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonNode>> ReadHeadsAsync(IBlobStore store)
    {
        var heads = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        await foreach (var blob in store.ListAsync("runs/"))
        {
            if (blob.Name.EndsWith(Head, StringComparison.Ordinal))
            {
                heads[blob.Name[5..^Head.Length]] = await ParseAsync(store, blob.Name);
            }
        }

        return heads;
    }

    /// <summary>Epoch of the newest attempt, and epoch and step of the last checkpoint (0 before the first), of a run.</summary>
    public static async Task<(long Attempt, long Epoch, long Step)> ReadLastAsync(IBlobStore store, string run)
    {
        var head = await ParseAsync(store, $"runs/{run}{Head}");
        var last = head["checkpoints"]!.AsArray().FirstOrDefault();
        return ((long)head["epoch"]!, (long?)last?["epoch"] ?? 0, (long?)last?["step"] ?? 0);
    }

    /// <summary>Steps that were done and had to be done again, over all runs: what an attempt's metrics hold beyond the step that the next began after.</summary>
    public static async Task<long> StepsDoneTwiceAsync(IBlobStore store)
    {
        var twice = 0L;
        foreach (var run in (await ReadHeadsAsync(store)).Keys)
        {
            twice += (await ReadMetricsAsync(store, run)).GroupBy(point => point.Step).Sum(step => step.Count() - 1);
        }

        return twice;
    }

    /// <summary>Epoch, step and loss of every point; older attempts first.</summary>
    private static async Task<List<(long Epoch, long Step, string Loss)>> ReadMetricsAsync(IBlobStore store, string run)
    {
        var points = new List<(long, long, string)>();
        await foreach (var blob in store.ListAsync($"runs/{run}/metrics/"))
        {
            var epoch = long.Parse(Segment().Match(blob.Name).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            foreach (var line in (await store.ReadAllTextAsync(blob.Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var point = JsonNode.Parse(line)!;
                points.Add((epoch, (long)point["step"]!, ((double)point["loss"]!).ToString("R", CultureInfo.InvariantCulture)));
            }
        }

        return points;
    }

    private static async Task<JsonNode> ParseAsync(IBlobStore store, string name) => JsonNode.Parse(await store.ReadAllTextAsync(name))!;

    [GeneratedRegex("/([0-9]{6})-[0-9]{9}\\.jsonl$", RegexOptions.CultureInvariant)]
    private static partial Regex Segment();
}
