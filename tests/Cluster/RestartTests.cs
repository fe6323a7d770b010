using System.Diagnostics;
using SlungOrleans.Cluster.Tests.Machines;
using SlungOrleans.Storage;
using Xunit.Abstractions;

namespace SlungOrleans.Cluster.Tests;

/// <summary>Parts of the cluster that end and come back while a study runs.</summary>
[Collection(nameof(UndisturbedStudy))]
public sealed class RestartTests(UndisturbedStudy undisturbed, ITestOutputHelper log)
{
    private const int SomeSteps = 50;

    /// <summary>What the arms' specification says, in <see cref="SmallStudy"/>.</summary>
    private const int CheckpointEvery = 10;

    [ClusterFact(OnAzure = true)]
    public async Task Study_DatabaseAndStoreRestarted_EndsAsUndisturbed()
    {
        await using var cluster = await StudyCluster.StartAsync(onAzure: true);
        cluster.Launch(UndisturbedStudy.Yaml);
        await cluster.WaitForTrainingAsync(SomeSteps);
        var at = Stopwatch.GetTimestamp();

        cluster.Database.Stop();
        await cluster.Azurite!.StopAsync();
        cluster.Database.StartAgain();
        await cluster.Azurite.StartAgainAsync();

        log.WriteLine($"PostgreSQL and Azurite were away for {Stopwatch.GetElapsedTime(at).TotalSeconds:F1} s.");
        await cluster.WaitForEndAsync();
        Assert.Equal(await undisturbed.OutcomeAsync, await StudyOutcome.ReadAsync(cluster.Store, UndisturbedStudy.Study));
    }

    [ClusterFact]
    public async Task Study_SilosRestartedOneAfterTheOther_LosesNoStepBeyondTheLastCheckpoint()
    {
        await using var cluster = await StudyCluster.StartAsync();
        cluster.Launch(UndisturbedStudy.Yaml);
        await cluster.WaitForTrainingAsync(SomeSteps);

        foreach (var silo in cluster.Members)
        {
            await silo.Process.TerminateAsync();
            Assert.Equal(0, silo.Process.ExitCode);
            await cluster.StartAsync(silo);
        }

        await cluster.WaitForEndAsync();
        Assert.Equal(await undisturbed.OutcomeAsync, await StudyOutcome.ReadAsync(cluster.Store, UndisturbedStudy.Study));
        var twice = await StudyOutcome.StepsDoneTwiceAsync(cluster.Store);
        log.WriteLine($"Steps done twice: {twice}.");
        Assert.InRange(twice, 0, cluster.Members.Count * CheckpointEvery);
    }

    [Fact]
    public async Task Study_OneProcessKilledAndStartedAgain_GoesOnAtOnce()
    {
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("study.yaml", UndisturbedStudy.Yaml);
        var store = new LocalBlobStore(Path.Combine(folder.Path, "blobs"));
        string run;
        (long, long, long Step) killed;
        long at;
        await using (var first = SiloProcess.BeginAlone("study", "run", yaml, "--data", folder.Path, "--devices", "1"))
        {
            await Wait.UntilAsync(
                async () => (await StudyOutcome.ReadHeadsAsync(store)).Keys.FirstOrDefault() is { } begun && (await StudyOutcome.ReadLastAsync(store, begun)).Step >= SomeSteps,
                "a checkpoint", () => first.Output);
            run = (await StudyOutcome.ReadHeadsAsync(store)).Keys.First();
            at = Stopwatch.GetTimestamp();
            await first.KillAsync();
            killed = await StudyOutcome.ReadLastAsync(store, run);
        }

        await using var second = SiloProcess.BeginAlone("study", "run", yaml, "--data", folder.Path, "--devices", "1");
        await SiloLossTests.WaitForNewStepAsync(store, run, killed, () => second.Output);

        log.WriteLine($"From kill -9 of the process, started again at once, to the next step committed: {Stopwatch.GetElapsedTime(at).TotalSeconds:F1} s.");
    }
}
