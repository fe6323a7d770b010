using System.Globalization;
using System.Text.RegularExpressions;

namespace SlungOrleans.EndToEnd;

/// <summary>The real process kills itself (SIGKILL) at every named place, one after the other, during one study.</summary>
public sealed partial class FaultPointTests
{
    private const string Study = "faults";

    /// <summary>
    /// Two runs of 30 steps, a checkpoint every 10, and their evaluations, on one device; in the order in which a study comes by. At most four
    /// starts of a run in a row keep nothing: more would be a crash loop, and end it.
    /// </summary>
    private static readonly string[] Faults =
    [
        "store/before-rename:3", "step/after-gradients:4", "step/after-update:5", "metrics/before-append:1", "metrics/after-append:1", "step/after-update:12",
        "checkpoint/upload:2", "checkpoint/after-weights:1", "checkpoint/before-manifest:1", "step/after-update:12", "checkpoint/after-manifest:1", "head/before-swap:2",
        "head/after-swap:2", "retention/before-delete:1", "retention/after-delete:1", "evaluate/after-load:1", "evaluate/progress:2", "evaluate/before-result:1",
        "evaluate/after-result:2", "store/after-rename:2",
    ];

    [Fact]
    public async Task StudyRun_KilledAtEveryFaultPoint_EndsAsUndisturbed()
    {
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("faults.yaml", SmallStudy.Yaml(Study, steps: 30, arms: "[masked, full]", seeds: "[0]"));
        var disturbed = Path.Combine(folder.Path, "disturbed");
        foreach (var fault in Faults)
        {
            var (killed, output) = await SiloProcess.RunToFaultAsync(disturbed, $"{fault}:kill", "study", "run", yaml, "--devices", "1");
            Assert.True(killed, string.Create(CultureInfo.InvariantCulture, $"The study was not killed at {fault}.\n{output}"));
        }

        var (exitCode, end) = await SiloProcess.RunAsync(disturbed, "study", "run", yaml, "--devices", "1");
        Assert.True(exitCode == 0, end);
        var undisturbed = Path.Combine(folder.Path, "undisturbed");
        var (otherCode, other) = await SiloProcess.RunAsync(undisturbed, "study", "run", yaml);
        Assert.True(otherCode == 0, other);

        Assert.Equal(await StudyOutcome.ReadAsync(undisturbed, Study), await StudyOutcome.ReadAsync(disturbed, Study));
    }

    [Fact]
    public void Faults_OfThisTest_AreAllThatTheProductNames()
    {
        var named = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Reach().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value);
        Assert.Equal(named.Distinct().Order(StringComparer.Ordinal), Faults.Select(fault => fault.Split(':')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("FaultPoints\\.Reach\\(\"([^\"]+)\"\\)", RegexOptions.CultureInvariant)]
    private static partial Regex Reach();

    [Fact]
    public async Task Start_WithFaultThatIsNone_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        var (_, output) = await SiloProcess.RunToFaultAsync(folder.Path, "checkpoint/upload:0:kill", "study", "list");
        Assert.Contains("SLUNGORLEANS_FAULT is 'checkpoint/upload:0:kill'; expected a fault point, which passing from 1, and 'kill'", output, StringComparison.Ordinal);
    }
}
