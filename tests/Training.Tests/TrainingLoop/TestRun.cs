using SlungOrleans.Storage;

namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>The small run that most tests train: 12 steps, a checkpoint every 3, all three kinds of loss.</summary>
internal static class TestRun
{
    internal const int Steps = 12;
    internal const int CheckpointEvery = 3;
    internal const string Folder = "runs/a-1/checkpoints";

    internal static ModelDescription Model { get; } = new()
    {
        VocabularySize = 8,
        HiddenSize = 4,
        Layers = 1,
        Heads = 1,
        FeedForwardSize = 4,
        MaximumSequenceLength = 6,
    };

    internal static TrainingRequest Request(IBlobStore store, long epoch, int steps = Steps) => new()
    {
        Engine = new BigramEngine(),
        Model = Model,
        Settings = new TrainingSettings
        {
            Steps = steps,
            BatchSize = 4,
            LearningRate = 0.05,
            WarmUpSteps = 3,
            CheckpointEvery = CheckpointEvery,
            ClipNorm = 0.5,
        },
        Routing = LossRouting.UnlikelihoodOnHighRisk(middle: LossKind.None),
        Data = RandomSequences(10, 6, 8),
        DataName = "test",
        Checkpoints = new CheckpointStore(store, Folder),
        Epoch = epoch,
        Seed = 77,
    };

    internal static TrainingResult Train(this TrainingRequest request, CancellationToken stop = default) => Training.TrainingLoop.Run(request, stop);

    /// <summary>The run without interruption, in a folder of its own.</summary>
    internal static TrainingResult Uninterrupted(int steps = Steps)
    {
        using var folder = new TestFolder();
        return Request(folder.Store, 1, steps).Train();
    }

    internal static MemorySequences RandomSequences(int count, int length, int vocabulary)
    {
        var stream = new RandomStream(5, "test-data", 0);
        return new MemorySequences(
            length,
            [.. Enumerable.Range(0, count * length).Select(_ => stream.NextInt32(vocabulary))],
            [.. Enumerable.Range(0, count * length).Select(_ => (byte)stream.NextInt32(LossRouting.Labels))]);
    }
}
