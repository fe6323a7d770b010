using SlungOrleans.Training.Tests.Managed;

// Some tests count all tensors of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class MemoryTests
{
    [TorchFact]
    public void Step_AThousandTimes_LeavesNoTensorBehind()
    {
        long without = TorchEngine.LiveTensors;
        using (ITrainableModel model = TorchEngine.Open(new EngineSettings { SequencesAtOnce = 1 }).Create(Samples.Description(layers: 2), 1))
        {
            model.Initialise(1);
            TokenBatch[] batches = [.. Enumerable.Range(0, 4).Select(number =>
                Samples.Batch(model.Description, 2, 8, (ulong)number) with { AttendAcrossDocuments = number % 2 == 0 })];
            Step(1);
            long after = TorchEngine.LiveTensors;
            for (int step = 2; step <= 1000; step++)
            {
                Step(step);
                Assert.Equal(after, TorchEngine.LiveTensors);
            }

            void Step(int step)
            {
                model.ComputeGradients(batches[step % batches.Length], LossRouting.UnlikelihoodOnHighRisk());
                model.ClipGradients(0.5);
                model.Update(new AdamWSettings(), 1e-3, step);
            }
        }

        Assert.Equal(without, TorchEngine.LiveTensors);
    }

    [TorchFact]
    public void Ask_InAnyWay_LeavesNoTensorBehind()
    {
        using ITrainableModel model = TorchEngine.Open(new EngineSettings { RecomputeActivations = true }).Create(Samples.Description(), 1);
        model.Initialise(1);
        long before = TorchEngine.LiveTensors;
        int[][] prompts = [[1, 2, 3], [4], [5, 6]];
        model.Score(prompts);
        model.LastHiddenStates(prompts);
        model.Generate(prompts, new SamplingSettings { NewTokens = 12, EndOfText = 3 }, [0, 1, 2]);
        model.Generate(prompts, new SamplingSettings { NewTokens = 12, Temperature = 0 }, [0, 1, 2]);
        model.ComputeGradients(Samples.Batch(model.Description, 2, 8), LossRouting.Masked());
        model.ReadAll(TensorKind.Gradient);
        Assert.Equal(before, TorchEngine.LiveTensors);
    }
}
