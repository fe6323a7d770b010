using System.Text.Json;

namespace SlungOrleans.EndToEnd;

/// <summary>Runs, studies and checkpoints steered from the command line.</summary>
public sealed class ActionCommandTests
{
    private const string Run = "small-masked-a500-s0";

    /// <summary>
    /// A study of 20 steps that is continued to 40, killed in the middle of that and resumed, comes to what one comes to that had 40 steps under
    /// the schedule of 20 from the beginning: weights, losses, scores.
    /// </summary>
    [Fact]
    public async Task StudyContinue_KilledAndResumed_EndsAsTheLongStudy()
    {
        using var folder = new TemporaryFolder();
        var continued = Path.Combine(folder.Path, "continued");
        var whole = Path.Combine(folder.Path, "whole");
        var yaml = SmallStudy.Yaml("small", arms: "[masked]", seeds: "[0]");
        await SucceedAsync(continued, "study", "run", folder.Write("short.yaml", yaml));
        await SucceedAsync(whole, "study", "run", folder.Write("long.yaml", yaml.Replace("steps: 20,", "steps: 40, scheduleSteps: 20,", StringComparison.Ordinal)));

        var (killed, output) = await SiloProcess.RunToFaultAsync(continued, "checkpoint/after-weights:2:kill", "study", "continue", "small", "--steps", "40", "--wait");
        Assert.True(killed, output);
        Assert.Contains(": queued, step ", await SucceedAsync(continued, "run", "show", Run), StringComparison.Ordinal);
        await SucceedAsync(continued, "study", "continue", "small", "--steps", "40", "--wait");

        Assert.Equal(await StudyOutcome.ReadAsync(whole, "small"), await StudyOutcome.ReadAsync(continued, "small"));
        var shown = await SucceedAsync(continued, "run", "show", Run);
        Assert.Contains("completed, step 40/40", shown, StringComparison.Ordinal);
        Assert.Contains("node lost", shown, StringComparison.Ordinal);
        Assert.Contains("3 starts, 0 failures counted; lost in the attempts shown: ", shown, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(continued, "blobs", "evaluations", $"{Run}-perplexity", "result.json")));
        Assert.True(File.Exists(Path.Combine(continued, "blobs", "evaluations", $"{Run}-perplexity-t40", "result.json")));

        var csv = Path.Combine(folder.Path, "metrics.csv");
        await SucceedAsync(continued, "run", "metrics", Run, "--csv", csv);
        Assert.Equal(Enumerable.Range(1, 40).Select(step => $"{step}"), (await File.ReadAllLinesAsync(csv)).Skip(1).Select(line => line.Split(',')[0]));
        await SucceedAsync(continued, "run", "metrics", Run, "--segments", "--csv", csv);
        var superseded = (await File.ReadAllLinesAsync(csv)).Where(line => line.EndsWith(",1", StringComparison.Ordinal)).Select(line => line.Split(',')[0]);
        Assert.Equal(Enumerable.Range(31, 10).Select(step => $"{step}"), superseded);
        Assert.Contains("10 (from 31)", await SucceedAsync(continued, "run", "metrics", Run, "--segments"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoints_PinnedAndPruned_GoAsTheListSays()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var yaml = SmallStudy.Yaml("small", steps: 30, arms: "[masked]", seeds: "[0]").Replace("checkpointEvery: 10", "checkpointEvery: 5, verifyAtEnd: true, retention: { latest: 4 }", StringComparison.Ordinal);
        await SucceedAsync(data, "study", "run", folder.Write("small.yaml", yaml));

        Assert.Contains("Resume certificate: identical. Steps 26 to 30 were replayed", await SucceedAsync(data, "run", "show", Run), StringComparison.Ordinal);
        Assert.Contains("4 of 4 stay", await SucceedAsync(data, "checkpoint", "list", Run), StringComparison.Ordinal);
        await SucceedAsync(data, "checkpoint", "pin", Run, "15");
        Assert.Contains("2 of 4 stay", await SucceedAsync(data, "checkpoint", "plan", Run, "--latest", "1"), StringComparison.Ordinal);
        var (exitCode, unasked) = await SiloProcess.RunAsync(data, "checkpoint", "pin", Run, "17");
        Assert.Equal(1, exitCode);
        Assert.Contains("has no checkpoint of step 17", unasked, StringComparison.Ordinal);

        Assert.Contains("2 deleted.", await SucceedAsync(data, "checkpoint", "prune", Run, "--latest", "1", "--yes"), StringComparison.Ordinal);
        var list = await SucceedAsync(data, "checkpoint", "list", Run);
        Assert.Contains("2 of 2 stay", list, StringComparison.Ordinal);
        Assert.Contains("one of the latest, pinned", list, StringComparison.Ordinal);
        Assert.Contains("There is nothing to delete.", await SucceedAsync(data, "checkpoint", "prune", Run, "--latest", "1", "--yes"), StringComparison.Ordinal);
        string[] asked = ["launch study small", $"pin checkpoint {Run}: 15", $"pin checkpoint {Run}: 17", $"pin checkpoint {Run}: 17, refused", $"delete checkpoints {Run}: 20, 25"];
        Assert.Equal(asked, await AuditedAsync(data));
    }

    [Fact]
    public async Task RunAndStudyActions_GivenTwice_SayTheSame()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var yaml = folder.Write("small.yaml", SmallStudy.Yaml("small", steps: 400, arms: "[masked]", seeds: "[0]"));
        var (killed, output) = await SiloProcess.RunToFaultAsync(data, "checkpoint/after-weights:3:kill", "study", "run", yaml);
        Assert.True(killed, output);

        foreach (var (action, expected) in new[] { ("pause", ": paused, step "), ("resume", ": queued, step "), ("cancel", ": cancelled, step "), ("retry", ": queued, step ") })
        {
            for (var time = 0; time < 2; time++)
            {
                Assert.Contains(expected, await SucceedAsync(data, "run", action, Run), StringComparison.Ordinal);
            }
        }

        var (refused, refusal) = await SiloProcess.RunAsync(data, "run", "continue", Run, "--steps", "500");
        Assert.Equal(1, refused);
        Assert.Contains("is part of study 'small', which has not ended", refusal, StringComparison.Ordinal);
        Assert.Contains(", paused, 400 steps.", await SucceedAsync(data, "study", "pause", "small"), StringComparison.Ordinal);

        // Whether it had gone on to compare without the run, or not yet.
        Assert.Contains("small: running, paused", await SucceedAsync(data, "study", "retry", "small"), StringComparison.Ordinal);
        Assert.Contains("small: cancelled", await SucceedAsync(data, "study", "cancel", "small"), StringComparison.Ordinal);
        await SucceedAsync(data, "study", "retry", "small", "--wait");
        var shown = await SucceedAsync(data, "run", "show", Run);
        Assert.Contains("completed, step 400/400", shown, StringComparison.Ordinal);
        string[] ofRun = ["pause", "pause", "resume", "resume", "cancel", "cancel", "retry", "retry", "continue"];
        string[] ofStudy = ["pause", "retry", "cancel", "retry"];
        string[] asked = ["launch study small", .. ofRun.Select(action => $"{action} run {Run}"), $"continue run {Run}, refused", .. ofStudy.Select(action => $"{action} study small")];
        Assert.Equal(asked, await AuditedAsync(data));
    }

    private static async Task<string[]> AuditedAsync(string data) =>
    [
        .. (await File.ReadAllLinesAsync(Path.Combine(data, "audit.jsonl"))).Select(line => JsonDocument.Parse(line).RootElement).Select(entry =>
            $"{entry.GetProperty("action")} {entry.GetProperty("kind")} {entry.GetProperty("id")}{(entry.TryGetProperty("refusal", out _) ? ", refused" : "")}"),
    ];

    private static async Task<string> SucceedAsync(string data, params string[] arguments)
    {
        var (exitCode, output) = await SiloProcess.RunAsync(data, arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)}:\n{output}");
        return output;
    }
}
