#if USE_TORCHSHARP
using System.Globalization;
using SlungOrleans.Training.Tests.Managed;
using Xunit.Abstractions;

namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>What only a GPU can show: its memory, its failures, its TF32 units, several of them.</summary>
public sealed class OnAGpuTests(ITestOutputHelper output)
{
    private static readonly ModelDescription Medium = Samples.Description(
        vocabulary: 16384, hidden: 512, layers: 8, heads: 8, feedForward: 1408, longest: 512);

    /// <summary>The driver counts all that libtorch keeps for itself, of tests before this one, too: the estimate is to be above the largest of them.</summary>
    [GpuFact]
    public void TrainingBytes_OfAStep_AreNoLessThanTheDriverCounts()
    {
        IEngine engine = TorchEngine.Open(new EngineSettings { SequencesAtOnce = 16 });
        (long total, long before) = CudaMemory.Read(Index)!.Value;
        using (ITrainableModel model = engine.Create(Medium, 1))
        {
            Step(model, Samples.Batch(Medium, 32, 512), 1);
        }

        long taken = before - CudaMemory.Read(Index)!.Value.Free, said = ((IDeviceMemory)engine).TrainingBytes(Medium, 32, 512);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"said {said >> 20} MiB, the driver counts {taken >> 20} MiB more of {total >> 20} MiB"));
        Assert.InRange(taken, 0, said);
        Assert.InRange(said, 1, total);
    }

    [GpuFact]
    public void AvailableBytes_AfterAModel_AreThoseOfBefore()
    {
        long before = ((IDeviceMemory)TorchEngine.Open()).AvailableBytes()!.Value;
        using (ITrainableModel model = TorchEngine.Open().Create(Medium, 1))
        {
            Step(model, Samples.Batch(Medium, 8, 512), 1);
        }

        // Another engine of the process, for another precision: what libtorch keeps is there for it, too.
        Assert.Equal(before, ((IDeviceMemory)TorchEngine.Open(new EngineSettings { Precision = NumericPrecision.BFloat16 })).AvailableBytes());
        Assert.InRange(before, 1, CudaMemory.Read(Index)!.Value.Total);
    }

    /// <summary>More and more sequences, until forward or backward pass find no memory: the process goes on, and so does the model.</summary>
    [GpuFact]
    public void ComputeGradients_OfMoreAndMoreSequences_IsOutOfMemoryAndGoesOn()
    {
        ModelDescription description = Samples.Description(vocabulary: 512, hidden: 256, layers: 2, heads: 8, feedForward: 512, longest: 8192);
        using ITrainableModel model = TorchEngine.Open(new EngineSettings { Deterministic = true }).Create(description, 1);
        model.Initialise(1);
        TokenBatch small = Samples.Batch(description, 1, 64);
        BatchLoss expected = model.ComputeGradients(small, LossRouting.CrossEntropyEverywhere);
        float[] gradients = model.ReadAll(TensorKind.Gradient);
        long tensors = TorchEngine.LiveTensors;

        DeviceException? failure = null;
        for (int sequences = 2; failure is null; sequences += 1 + (sequences / 4))
        {
            try
            {
                model.ComputeGradients(Samples.Batch(description, sequences, 8192), LossRouting.CrossEntropyEverywhere);
            }
            catch (DeviceException exception)
            {
                failure = exception;
                output.WriteLine($"{sequences} sequences: {exception.Message}\n{exception.InnerException?.Message.Split('\n')[0]}");
            }
        }

        Assert.Equal(DeviceFault.OutOfMemory, failure.Fault);
        Assert.Matches("[0-9.]+ [MG]iB were asked for\\. [0-9.]+ [KMG]iB are free\\.", failure.Message);
        Assert.Equal(tensors, TorchEngine.LiveTensors);
        Assert.Equal(expected, model.ComputeGradients(small, LossRouting.CrossEntropyEverywhere));
        Assert.Equal(gradients, model.ReadAll(TensorKind.Gradient));
    }

    /// <summary>Operands of 11 bits: relative errors of some 2⁻¹², far above single precision's and below bfloat16's.</summary>
    [GpuFact]
    public void LastHiddenStates_InTensorFloat32_AreRoundedAsItIs()
    {
        int[][] prompts = [.. Enumerable.Range(0, 8).Select(number => Samples.Tokens(200, Medium.VocabularySize, (ulong)number))];
        float[] single = States(NumericPrecision.Single), rounded = States(NumericPrecision.TensorFloat32);
        double distance = Agreement.Distance(rounded, single);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"TF32 is {distance:E1} from single precision."));
        Assert.InRange(distance, 2e-5, 5e-3);
        Assert.Equal(single, States(NumericPrecision.Single));

        float[] States(NumericPrecision precision)
        {
            using ITrainableModel model = TorchEngine.Open(new EngineSettings { Precision = precision }).Create(Medium, 1);
            model.Initialise(1);
            return [.. model.LastHiddenStates(prompts).SelectMany(states => states)];
        }
    }

    /// <summary>Two GPUs at once compute what each computes alone.</summary>
    [TwoGpusFact]
    public async Task Step_OnTwoGpusAtOnce_IsThatOfOne()
    {
        float[] expected = Train("cuda:0");
        float[][] both = await Task.WhenAll(new[] { "cuda:0", "cuda:1" }.Select(device => Task.Run(() => Train(device))));
        Assert.Equal(expected, both[0]);
        Assert.True(Agreement.Distance(both[1], expected) < 1e-5);

        static float[] Train(string device)
        {
            using ITrainableModel model = TorchEngine.Open(new EngineSettings { Deterministic = true }, device).Create(Medium, 1);
            model.Initialise(1);
            for (int step = 1; step <= 3; step++)
            {
                Step(model, Samples.Batch(Medium, 4, 512, (ulong)step), step);
            }

            return model.ReadAll(TensorKind.Weight);
        }
    }

    private static int Index => TorchDevice.IndexOf(TorchEngine.Device)!.Value;

    private static void Step(ITrainableModel model, TokenBatch batch, int step)
    {
        model.ComputeGradients(batch, LossRouting.Masked());
        model.ClipGradients(1);
        model.Update(new AdamWSettings(), 1e-3, step);
    }

    private sealed class TwoGpusFactAttribute : FactAttribute
    {
        public TwoGpusFactAttribute() => Skip = TorchEngine.ReasonToSkip ?? (TorchEngine.IsGpu && TorchDevice.FindCuda().Count > 1 ? null : "This needs two GPUs.");
    }
}
#endif
