using SlungOrleans.Training.Tests;
using SlungOrleans.Training.Tests.Managed;
using SlungOrleans.Training.Tests.TrainingLoop;

namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class TrainingAgreementTests
{
    private const int Steps = 100;
    private static readonly ModelDescription Model = Samples.Description(vocabulary: 40, hidden: 32, layers: 2, heads: 4, feedForward: 40, longest: 16);

    [TorchTheory]
    [InlineData("full", NormKind.Rms)]
    [InlineData("masked", NormKind.NonParametricLayerNorm)]
    [InlineData("unlikelihood", NormKind.Rms)]
    public void Run_HundredSteps_HasTheManagedEnginesLosses(string arm, NormKind norm)
    {
        using TestFolder ours = new(), theirs = new();
        List<double> expected = [], actual = [];
        TrainingRequest request = Request(ours, new ManagedEngine(), Steps) with { Model = Model with { Norm = norm }, Routing = Agreement.Routing(arm) };
        TrainingLoop.Run(request with { OnStep = step => expected.Add(step.Loss) }, default);
        TrainingLoop.Run(
            request with { Engine = TorchEngine.Open(), Checkpoints = StoreOf(theirs), OnStep = step => actual.Add(step.Loss) }, default);
        Assert.Equal(Steps, actual.Count);
        Assert.All(expected.Zip(actual), losses => Assert.Equal(losses.First, losses.Second, 1e-3 * losses.First));
        Assert.NotEqual(expected[0], expected[^1], 0.1);
    }

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_ResumedOnTheOtherEngine_GoesOnAsIfNotInterrupted(bool managedFirst)
    {
        using TestFolder folder = new(), whole = new();
        IEngine first = managedFirst ? new ManagedEngine() : TorchEngine.Open(), second = managedFirst ? TorchEngine.Open() : new ManagedEngine();
        List<double> expected = [], actual = [];
        TrainingLoop.Run(Request(whole, first, 20) with { OnStep = step => expected.Add(step.Loss) }, default);

        using var stop = new CancellationTokenSource();
        TrainingRequest request = Request(folder, first, 20) with { OnStep = Stop };
        Assert.Equal(10, TrainingLoop.Run(request, stop.Token).Step);
        TrainingResult result = TrainingLoop.Run(request with { Engine = second, Epoch = 2, OnStep = step => actual.Add(step.Loss) }, default);
        Assert.Equal((TrainingEnd.Completed, 10, 20), (result.End, result.ResumedFrom, result.Step));
        Assert.All(expected.Skip(10).Zip(actual), losses => Assert.Equal(losses.First, losses.Second, 1e-4 * losses.First));

        void Stop(StepMetrics metrics)
        {
            if (metrics.Step == 10)
            {
                stop.Cancel();
            }
        }
    }

    [TorchFact]
    public void Run_StoppedAndResumed_IsTheUninterruptedRunToTheBit()
    {
        using TestFolder folder = new(), whole = new();
        IEngine engine = TorchEngine.Open(new EngineSettings { Deterministic = true });
        Assert.True(engine.Capabilities.RepeatsBits);
        TrainingResult expected = TrainingLoop.Run(Request(whole, engine, 12), default);
        using var stop = new CancellationTokenSource();
        TrainingRequest request = Request(folder, engine, 12);
        TrainingLoop.Run(request with { OnStep = step => { if (step.Step == 5) { stop.Cancel(); } } }, stop.Token);
        Assert.Equal(expected with { ResumedFrom = 5 }, TrainingLoop.Run(request with { Epoch = 2 }, default));
    }

    [TorchFact]
    public void Run_ResumedInAnotherPrecision_IsRefused()
    {
        using var folder = new TestFolder();
        TrainingLoop.Run(Request(folder, TorchEngine.Open(), 3), default);
        TrainingRequest request = Request(folder, TorchEngine.Open(new EngineSettings { Precision = NumericPrecision.BFloat16 }), 3) with { Epoch = 2 };
        var refusal = Assert.Throws<CheckpointMismatchException>(() => TrainingLoop.Run(request, default));
        Assert.Contains("engine.precision was nothing and is BFloat16", refusal.Message, StringComparison.Ordinal);
    }

    [TorchTheory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void ClipGradients_AboveTheNorm_ScalesThemOnce(bool tied, bool decayEmbeddings)
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(tied: tied)), actual = TorchEngine.CopyOf(expected);
        TokenBatch batch = Samples.Batch(expected.Description, 3, 12);
        expected.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        actual.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        double norm = expected.ClipGradients(0.5);
        Assert.Equal(norm, actual.ClipGradients(0.5), 1e-5 * norm);
        Assert.Equal(0.5, actual.ClipGradients(0.5), 1e-5);
        Assert.True(Agreement.Distance(actual.ReadAll(TensorKind.Gradient), expected.ReadAll(TensorKind.Gradient)) < 1e-5);
        foreach (ITrainableModel model in new[] { expected, actual })
        {
            model.Update(new AdamWSettings { DecayEmbeddings = decayEmbeddings }, 1e-2, 1);
        }

        foreach (TensorKind kind in Enum.GetValues<TensorKind>())
        {
            Assert.True(Agreement.Distance(actual.ReadAll(kind), expected.ReadAll(kind)) < 1e-5, kind.ToString());
        }
    }

    /// <summary>Read in between, the gradients are scaled at once and no more by the update; written, the norm is that of what was written.</summary>
    [TorchFact]
    public void ClipGradients_ReadOrWrittenInBetween_CountsWhatIsThere()
    {
        using ITrainableModel model = TorchEngine.CopyOf(Samples.Model(Samples.Description()));
        TokenBatch batch = Samples.Batch(model.Description, 3, 12);
        model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        model.ClipGradients(0.5);
        Assert.Equal(0.5, Norm(model.ReadAll(TensorKind.Gradient)), 1e-4);
        Assert.Equal(0.5, model.ClipGradients(0.25), 1e-4);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            model.Write(parameter.Name, TensorKind.Gradient, Enumerable.Repeat(0.5f, (int)parameter.Length).ToArray());
        }

        double norm = 0.5 * Math.Sqrt(model.Parameters.Sum(parameter => parameter.Length));
        Assert.Equal(norm, model.ClipGradients(1), 1e-5 * norm);
        model.Initialise(3);
        Assert.Equal(0, model.ClipGradients(1));

        // Nothing of the scale is left: the first moments are a tenth of the gradients.
        model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        double whole = Norm(model.ReadAll(TensorKind.Gradient));
        model.Update(new AdamWSettings { Beta1 = 0.9 }, 1e-2, 1);
        Assert.Equal(0.1 * whole, Norm(model.ReadAll(TensorKind.FirstMoment)), 1e-5 * whole);

        static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
    }

    /// <summary>The products of the second step are those of the weights after the first, not of their rounding before.</summary>
    [TorchFact]
    public void Run_InBFloat16_HasTheLossesOfSinglePrecisionToItsRounding()
    {
        using TestFolder single = new(), rounded = new();
        List<double> expected = [], actual = [];
        TrainingRequest request = Request(single, new ManagedEngine(), 40) with { Routing = LossRouting.CrossEntropyEverywhere };
        TrainingLoop.Run(request with { OnStep = step => expected.Add(step.Loss) }, default);
        TrainingLoop.Run(
            request with
            {
                Engine = TorchEngine.Open(new EngineSettings { Precision = NumericPrecision.BFloat16 }),
                Checkpoints = StoreOf(rounded),
                OnStep = step => actual.Add(step.Loss),
            },
            default);
        Assert.All(expected.Zip(actual), losses => Assert.Equal(losses.First, losses.Second, 0.02 * losses.First));
        Assert.NotEqual(expected[0], expected[^1], 0.1);
    }

    private static TrainingRequest Request(TestFolder folder, IEngine engine, int steps) => new()
    {
        Engine = engine,
        Model = Model,
        Settings = new TrainingSettings { Steps = steps, BatchSize = 4, LearningRate = 1e-2, WarmUpSteps = 3, CheckpointEvery = 50, ClipNorm = 0.5 },
        Routing = LossRouting.UnlikelihoodOnHighRisk(),
        Data = RandomSequences(32, Model.MaximumSequenceLength, Model.VocabularySize),
        Checkpoints = StoreOf(folder),
        Epoch = 1,
        Seed = 5,
        Threads = 2,
    };

    private static CheckpointStore StoreOf(TestFolder folder) => new(folder.Store, "run");

    private static MemorySequences RandomSequences(int count, int length, int vocabulary)
    {
        var stream = new RandomStream(5, "test-data", 0);
        return new MemorySequences(
            length,
            [.. Enumerable.Range(0, count * length).Select(_ => stream.NextInt32(vocabulary))],
            [.. Enumerable.Range(0, count * length).Select(_ => (byte)stream.NextInt32(LossRouting.Labels))]);
    }
}
