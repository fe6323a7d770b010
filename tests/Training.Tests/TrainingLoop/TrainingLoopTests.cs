using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SlungOrleans.Training.Tests.TrainingLoop;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The same steps, written down one after the other without the loop.</summary>
    [Fact]
    public async Task Run_OfRequest_IsTheStepsOneAfterTheOther()
    {
        TrainingRequest request = TestRun.Request(_folder.Store, 1);
        var metrics = new List<StepMetrics>();

        TrainingResult result = (request with { OnStep = metrics.Add }).Train();

        var data = (MemorySequences)request.Data;
        using ITrainableModel model = request.Engine.Create(request.Model, 1);
        model.Initialise(request.Seed);
        var order = new DataOrder(request.Seed, data.Count);
        for (int step = 1; step <= TestRun.Steps; step++)
        {
            int[] batch = new int[4];
            order.ReadBatch(step, batch);
            int[] tokens = [.. batch.SelectMany(sequence => data.Tokens.Skip(sequence * 6).Take(6))];
            byte[] labels = [.. batch.SelectMany(sequence => data.Labels.Skip(sequence * 6).Take(6))];
            BatchLoss loss = model.ComputeGradients(new TokenBatch(4, 6, tokens, labels), request.Routing);
            double norm = model.ClipGradients(0.5);
            double rate = LearningRateSchedule.Cosine(step, 0.05, 3, 12, 0.1);
            model.Update(request.Settings.AdamW, rate, step);

            StepMetrics found = metrics[step - 1];
            Assert.Equal((step, loss.Total, rate, norm, 24L * step), (found.Step, found.Loss, found.LearningRate, found.GradientNorm, found.Tokens));
            Assert.Equal(loss.CrossEntropySum / loss.CrossEntropyTokens, found.CrossEntropyMean);
            Assert.Equal(loss.UnlikelihoodSum / loss.UnlikelihoodTokens, found.UnlikelihoodMean);
            Assert.Equal(labels.Count(label => label != 2) / 24.0, found.LossBearingShare);
            Assert.True(found.TokensPerSecond > 0);
        }

        using ITrainableModel trained = request.Engine.Create(request.Model, 1);
        CheckpointLoad load = await request.Checkpoints.LoadWeightsAsync(trained);
        Assert.Equal(result.WeightsHash, load.Manifest!.Weights.Sha256);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            float[] expected = new float[parameter.Length], actual = new float[parameter.Length];
            model.Read(parameter.Name, TensorKind.Weight, expected);
            trained.Read(parameter.Name, TensorKind.Weight, actual);
            Assert.Equal(expected, actual);
        }

        Assert.Equal((TrainingEnd.Completed, 12L, metrics[^1].Loss, 0L), (result.End, result.Step, result.FinalLoss, result.ResumedFrom));
        Assert.True(metrics[^1].Loss < metrics[0].Loss);
    }

    [Fact]
    public void Run_OfRequest_ChainsTheLossesHash()
    {
        var link = new byte[32];
        TrainingRequest request = TestRun.Request(_folder.Store, 1) with
        {
            OnStep = metrics => link = SHA256.HashData(
                [.. link, .. BitConverter.GetBytes(metrics.Step), .. MemoryMarshal.AsBytes([metrics.Loss])]),
        };
        Assert.Equal(request.Train().LossHistoryHash, Convert.ToHexStringLower(link));
    }

    [Fact]
    public void Run_OfSteps_CommitsEveryNthAndTheLast()
    {
        var committed = new List<CheckpointManifest>();
        (TestRun.Request(_folder.Store, 4, steps: 8) with { OnCheckpoint = committed.Add }).Train();
        Assert.Equal([3, 6, 8], committed.Select(manifest => manifest.Step));
        Assert.Equal([12, 24, 32], committed.Select(manifest => manifest.SequencesConsumed));
        Assert.All(committed, manifest => Assert.Equal((4L, 77ul, "SlungOrleans, engine bigram"), (manifest.Epoch, manifest.Seed, manifest.CreatedBy)));
        Assert.Single(committed.Select(manifest => manifest.SettingsHash).Distinct());
    }

    [Fact]
    public void Run_WithOtherCheckpointInterval_IsTheSameRun()
    {
        TrainingRequest request = TestRun.Request(_folder.Store, 1);
        TrainingResult result = (request with { Settings = request.Settings with { CheckpointEvery = 5 } }).Train();
        Assert.Equal(TestRun.Uninterrupted(), result);
    }

    [Fact]
    public void Run_WithoutTargetsOfALoss_HasNoMeanOfIt()
    {
        TrainingRequest request = TestRun.Request(_folder.Store, 1, steps: 3) with
        {
            Routing = new LossRouting(LossKind.None, LossKind.None, LossKind.None, LossKind.None),
            OnStep = metrics =>
            {
                Assert.True(double.IsNaN(metrics.CrossEntropyMean) && double.IsNaN(metrics.UnlikelihoodMean));
                Assert.Equal((0, 0), (metrics.Loss, metrics.LossBearingShare));
            },
        };
        Assert.Equal(0, request.Train().FinalLoss);
    }

    [Fact]
    public async Task Run_ThatDiverges_SaysWhereAndCommitsNothingOfIt()
    {
        TrainingRequest request = TestRun.Request(_folder.Store, 1);
        var steps = new List<long>();
        request = request with
        {
            Settings = request.Settings with { LearningRate = 1e30, CheckpointEvery = 1 },
            OnStep = metrics => steps.Add(metrics.Step),
        };

        DivergedException failure = Assert.Throws<DivergedException>(() => request.Train());

        Assert.Equal(steps[^1] + 1, failure.Step);
        Assert.False(double.IsFinite(failure.Value));
        Assert.Contains($"has diverged at step {failure.Step}: the loss is ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"sequences {string.Join(", ", failure.Sequences)} of the training data", failure.Message, StringComparison.Ordinal);
        Assert.Equal(request.Settings.BatchSize, failure.Sequences.Distinct().Count());
        Assert.Equal(steps[^1], (await new CheckpointStore(_folder.Store, TestRun.Folder).ListAsync())[0].Step);
    }

    [Fact]
    public void Run_FromDamagedCheckpoint_GoesOnFromTheOneBeforeAndSaysSo()
    {
        TrainingResult expected = TestRun.Request(_folder.Store, 1).Train();
        DamageWeights(step: 12);
        var notices = new List<string>();
        TrainingResult result = (TestRun.Request(_folder.Store, 2) with { OnNotice = notices.Add }).Train();
        Assert.Equal(expected with { ResumedFrom = 9 }, result);
        Assert.Equal(2, notices.Count);
        Assert.StartsWith("The checkpoint of step 12 was skipped: ", notices[0], StringComparison.Ordinal);
        Assert.Equal("The run goes on from the checkpoint of step 9.", notices[1]);
    }

    [Fact]
    public void Run_WithoutAnyWholeCheckpoint_StartsAnew()
    {
        TrainingResult expected = TestRun.Request(_folder.Store, 1).Train();
        DamageWeights(step: 9);
        DamageWeights(step: 12);
        var notices = new List<string>();
        Assert.Equal(expected, (TestRun.Request(_folder.Store, 2) with { OnNotice = notices.Add }).Train());
        Assert.Equal(2, notices.Count);
        Assert.Equal(expected with { ResumedFrom = 12 }, TestRun.Request(_folder.Store, 3).Train());
    }

    [Fact]
    public void Run_WithOtherSettings_IsRefusedAndNamesThem()
    {
        TestRun.Request(_folder.Store, 1).Train();
        TrainingRequest request = TestRun.Request(_folder.Store, 2);
        request = request with
        {
            Seed = 78,
            DataName = "other",
            Routing = LossRouting.Masked(),
            Settings = request.Settings with { LearningRate = 0.1, AdamW = new AdamWSettings { Beta2 = 0.99 }, CheckpointEvery = 4 },
            Threads = 2,
        };
        CheckpointMismatchException failure = Assert.Throws<CheckpointMismatchException>(() => request.Train());
        Assert.Equal(
            "The checkpoint of step 12 was made with other settings, so the run cannot go on from it: data.name was test and is other; "
            + "loss.high-risk was Unlikelihood and is None; seed was 77 and is 78; training.beta-2 was 0.95 and is 0.99; "
            + "training.learning-rate was 0.05 and is 0.1.",
            failure.Message);
    }

    [Fact]
    public void Run_OfOlderEpoch_IsRefused()
    {
        TestRun.Request(_folder.Store, 2).Train();
        Assert.Throws<EpochSupersededException>(() => TestRun.Request(_folder.Store, 1).Train());
    }

    [Fact]
    public void Run_OfBadRequests_IsRefusedBeforeAnythingIsWritten()
    {
        TrainingRequest good = TestRun.Request(_folder.Store, 1);
        Refused<ArgumentException>(good with { Settings = good.Settings with { BatchSize = 0 } }, "BatchSize is 0");
        Refused<ArgumentException>(good with { Data = new MemorySequences(6, [], []) }, "has 0 sequences of 6 tokens");
        Refused<ArgumentException>(good with { Data = TestRun.RandomSequences(2, 7, 8) }, "expected at least one, of 2 to 6 tokens");
        Assert.Empty(_folder.Files());
        Refused<InvalidDataException>(good with { Data = new MemorySequences(6, [0, 1, 2, 8, 4, 5], new byte[6]) }, "Sequence 0 of the training data has token 8 at position 3");
        Refused<InvalidDataException>(good with { Data = new MemorySequences(6, new int[6], [0, 1, 2, 3, 0, 4]) }, "Sequence 0 of the training data has label 4 at position 5");

        static void Refused<T>(TrainingRequest request, string expected)
            where T : Exception =>
            Assert.Contains(expected, Assert.ThrowsAny<T>(() => request.Train()).Message, StringComparison.Ordinal);
    }

    private void DamageWeights(long step)
    {
        string file = Path.Combine(_folder.Path, _folder.Files("weights-*").Single(name => name.Contains($"{step:D9}-", StringComparison.Ordinal)));
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);
    }
}
