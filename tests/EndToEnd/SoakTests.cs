using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace SlungOrleans.EndToEnd;

/// <summary>
/// The real process is killed (<c>kill -9</c>) at random moments of one study: 5 times, or as often as <c>SLUNGORLEANS_SOAK</c> says.
/// The moments are drawn with a fixed seed; what the process does at them still depends on the machine.
/// </summary>
public sealed class SoakTests(ITestOutputHelper log)
{
    private const string Study = "soak";
    private const string Variable = "SLUNGORLEANS_SOAK";
    private const int DefaultKills = 5;
    private const int Seed = 1;

    [Fact]
    public async Task StudyRun_KilledAtRandomMoments_EndsAsUndisturbed()
    {
        var kills = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultKills;
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("soak.yaml", SmallStudy.Yaml(Study, steps: 100 * kills, arms: "[masked, full]", seeds: "[0]"));
        var undisturbed = Path.Combine(folder.Path, "undisturbed");
        var startUp = await TimeAsync(undisturbed, "study", "list");
        var whole = await TimeAsync(undisturbed, "study", "run", yaml);

        // So that after all kills some four tenths of the work are done, not counting what they lost: each hits a study under way.
        var work = 0.8 * (whole - startUp) / kills;
        log.WriteLine($"Start {startUp.TotalSeconds:F1} s, undisturbed {whole.TotalSeconds:F1} s, {kills} kills up to {work.TotalSeconds:F2} s after the start.");
        var disturbed = Path.Combine(folder.Path, "disturbed");
        var random = new Random(Seed);
        var started = Stopwatch.GetTimestamp();
        for (var kill = 1; kill <= kills; kill++)
        {
            var moment = ((0.5 + (0.5 * random.NextDouble())) * startUp) + (random.NextDouble() * work);
            var (killed, output) = await SiloProcess.RunAndKillAsync(disturbed, moment, "study", "run", yaml);
            Assert.True(killed, $"The process ended by itself before kill {kill} of {kills}.\n{output}");
        }

        log.WriteLine($"{kills} kills took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; the runs' last checkpoints are of steps {Progress(disturbed)}.");
        log.WriteLine($"To its end: {(await TimeAsync(disturbed, "study", "run", yaml)).TotalSeconds:F1} s.");
        Assert.Equal(await StudyOutcome.ReadAsync(undisturbed, Study), await StudyOutcome.ReadAsync(disturbed, Study));
    }

    private static string Progress(string data)
    {
        var runs = Path.Combine(data, "blobs", "runs");
        return Directory.Exists(runs)
            ? string.Join(", ", Directory.EnumerateFiles(runs, "head.json", SearchOption.AllDirectories).Select(LastStep))
            : "no run";
    }

    private static string LastStep(string head) => $"{JsonNode.Parse(File.ReadAllText(head))!["checkpoints"]!.AsArray().FirstOrDefault()?["step"] ?? 0}";

    private static async Task<TimeSpan> TimeAsync(string data, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        var (exitCode, output) = await SiloProcess.RunAsync(data, arguments);
        Assert.True(exitCode == 0, output);
        return Stopwatch.GetElapsedTime(started);
    }
}
