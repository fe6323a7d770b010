using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace SlungOrleans.EndToEnd;

/// <summary>
/// The real process is killed (<c>kill -9</c>) at random moments of one study: 50 times, or as often as <c>SLUNGORLEANS_SOAK</c> says.
/// The moments are drawn with a fixed seed; what the process does at them still depends on the machine.
/// </summary>
public sealed class SoakTests(ITestOutputHelper log)
{
    private const string Study = "soak";
    private const string Variable = "SLUNGORLEANS_SOAK";
    private const int DefaultKills = 50;
    private const int Seed = 1;
    private const int Runs = 2;
    private const int StepsPerKill = 70;

    /// <summary>However fast the machine is, so that the study is not at its end before the last kill.</summary>
    private const int MostStepsPerKill = 50;

    /// <summary>Kills in a row before a run has kept anything: one more, and the guard against crash loops could give it up, rightly.</summary>
    private const int MostFruitlessKills = 3;

    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task StudyRun_KilledAtRandomMoments_EndsAsUndisturbed()
    {
        var kills = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultKills;
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("soak.yaml", SmallStudy.Yaml(Study, steps: StepsPerKill * kills, arms: "[masked, full]", seeds: "[0]"));
        var undisturbed = Path.Combine(folder.Path, "undisturbed");
        var startUp = await TimeAsync(undisturbed, "study", "list");
        var whole = await TimeAsync(undisturbed, "study", "run", yaml);

        log.WriteLine($"Start {startUp.TotalSeconds:F1} s, undisturbed {whole.TotalSeconds:F1} s.");
        var disturbed = Path.Combine(folder.Path, "disturbed");
        await using (var first = SiloProcess.Begin(disturbed, "study", "run", yaml))
        {
            // Where the work of a study's length is: without it, few kills would all hit the short stages before.
            await Wait.UntilAsync(() => LastSteps(disturbed).Values.Any(step => step > 0), "a first checkpoint", () => first.Output);
            await first.KillAsync();
        }

        var random = new Random(Seed);
        var started = Stopwatch.GetTimestamp();
        var fruitless = new Dictionary<string, int>();
        for (var kill = 1; kill <= kills; kill++)
        {
            var moment = ((0.5 + (0.5 * random.NextDouble())) * startUp) + (random.NextDouble() * LongestWork);
            var before = LastSteps(disturbed);
            var most = before.Values.Sum() + (Runs * MostStepsPerKill);
            string[] overdue = [.. fruitless.Where(run => run.Value >= MostFruitlessKills).Select(run => run.Key)];
            var (killed, output) = await SiloProcess.RunAndKillAsync(
                disturbed,
                overdue.Length > 0 ? Patience : moment,
                () => overdue.Length > 0 ? overdue.All(run => LastSteps(disturbed)[run] > before[run]) : LastSteps(disturbed).Values.Sum() >= most,
                "study",
                "run",
                yaml);
            Assert.True(killed, $"The process ended by itself before kill {kill} of {kills}.\n{output}");
            foreach (var (run, step) in LastSteps(disturbed))
            {
                fruitless[run] = step > before.GetValueOrDefault(run) ? 0 : fruitless.GetValueOrDefault(run) + 1;
            }
        }

        log.WriteLine($"{kills} kills took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; the runs' last checkpoints are of steps {string.Join(", ", LastSteps(disturbed).Values)}.");
        log.WriteLine($"To its end: {(await TimeAsync(disturbed, "study", "run", yaml)).TotalSeconds:F1} s.");
        Assert.Equal(await StudyOutcome.ReadAsync(undisturbed, Study), await StudyOutcome.ReadAsync(disturbed, Study));
    }

    /// <summary>The step of each run's last checkpoint; 0 where an attempt has begun and committed none.</summary>
    private static Dictionary<string, long> LastSteps(string data)
    {
        var runs = Path.Combine(data, "blobs", "runs");
        return !Directory.Exists(runs)
            ? []
            : Directory.EnumerateFiles(runs, "head.json", SearchOption.AllDirectories).ToDictionary(
                head => Path.GetRelativePath(runs, head).Split(Path.DirectorySeparatorChar)[0],
                head => JsonNode.Parse(File.ReadAllText(head))!["checkpoints"]!.AsArray().Select(checkpoint => (long)checkpoint!["step"]!).DefaultIfEmpty().Max());
    }

    private static async Task<TimeSpan> TimeAsync(string data, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        var (exitCode, output) = await SiloProcess.RunAsync(data, arguments);
        Assert.True(exitCode == 0, output);
        return Stopwatch.GetElapsedTime(started);
    }
}
