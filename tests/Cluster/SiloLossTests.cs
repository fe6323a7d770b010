using System.Diagnostics;
using SlungOrleans.Storage;
using Xunit.Abstractions;

namespace SlungOrleans.Cluster.Tests;

/// <summary>Silos that die, or seem to, while they train.</summary>
[Collection(nameof(UndisturbedStudy))]
public sealed class SiloLossTests(UndisturbedStudy undisturbed, ITestOutputHelper log)
{
    private const int SomeSteps = 50;

    [ClusterFact]
    public async Task Study_SiloThatTrainsKilled_GoesOnElsewhereAndEndsAsUndisturbed()
    {
        await using var cluster = await StudyCluster.StartAsync();
        cluster.Launch(UndisturbedStudy.Yaml);
        var (silo, run) = await cluster.WaitForTrainingAsync(SomeSteps);
        var killed = await StudyOutcome.ReadLastAsync(cluster.Store, run);
        var at = Stopwatch.GetTimestamp();

        await silo.Process.KillAsync();

        await WaitForNewStepAsync(cluster.Store, run, killed, cluster.Logs);
        log.WriteLine($"From kill -9 of the silo to the next step committed elsewhere: {Stopwatch.GetElapsedTime(at).TotalSeconds:F1} s.");
        Assert.Contains(cluster.Members, member => member != silo && member.RunsTrained.Contains(run));
        await cluster.WaitForEndAsync();
        Assert.Equal(await undisturbed.OutcomeAsync, await StudyOutcome.ReadAsync(cluster.Store, UndisturbedStudy.Study));
        log.WriteLine($"Steps done twice: {await StudyOutcome.StepsDoneTwiceAsync(cluster.Store)}.");
        Report(cluster);
    }

    [ClusterFact]
    public async Task Study_SiloPausedUntilItsWorkWasTaken_CannotCommitAndEndsAsUndisturbed()
    {
        await using var cluster = await StudyCluster.StartAsync();
        cluster.Launch(UndisturbedStudy.Yaml);
        var (silo, run) = await cluster.WaitForTrainingAsync(SomeSteps);

        silo.Process.Pause();
        var paused = await StudyOutcome.ReadLastAsync(cluster.Store, run);
        await WaitForNewStepAsync(cluster.Store, run, paused, cluster.Logs);
        silo.Process.Continue();

        await cluster.WaitForEndAsync();
        Assert.Equal(await undisturbed.OutcomeAsync, await StudyOutcome.ReadAsync(cluster.Store, UndisturbedStudy.Study));
        var refused = silo.Log.Contains($"The attempt of epoch {paused.Attempt} may not commit", StringComparison.Ordinal);
        Assert.True(refused || silo.Process.HasExited, $"The silo that woke up neither was refused a commit nor ended.\n{silo.Log}");
        log.WriteLine(refused ? "The silo that woke up was refused its commit." : "The silo that woke up found itself declared dead, and ended.");
        Report(cluster);
    }

    /// <summary>Waits for a checkpoint of a newer attempt at a later step: that attempt's first steps, committed.</summary>
    internal static Task WaitForNewStepAsync(IBlobStore store, string run, (long Attempt, long Epoch, long Step) before, Func<string> context) => Wait.UntilAsync(
        async () => await StudyOutcome.ReadLastAsync(store, run) is var last && last.Epoch > before.Attempt && last.Step > before.Step,
        $"a new step of {run}",
        context);

    private void Report(StudyCluster cluster)
    {
        foreach (var member in cluster.Members)
        {
            log.WriteLine($"{member.Name} trained {string.Join(", ", member.RunsTrained)}.");
        }
    }
}
