using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training.Tests.Managed;

public sealed class TrainingTests
{
    /// <summary>Seven sequences are uneven over the threads; the longest model spans several slices of the flat buffers.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Train_OfAnyThreads_GivesTheSameBits(int threads)
    {
        ModelDescription description = Samples.Description(vocabulary: 300, hidden: 64, heads: 4, feedForward: 176);
        (double[] losses, float[] weights) = Train(description, 1);

        (double[] otherLosses, float[] otherWeights) = Train(description, threads);

        Assert.Equal(losses, otherLosses);
        Assert.Equal(weights, otherWeights);
        Assert.True(losses[^1] < losses[0]);
    }

    /// <summary>The first sequence has no target, the others so many that the head takes them in parts.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ComputeGradients_OfLongSequencesOnManyThreads_GivesTheBitsOfOne(bool tied)
    {
        const int Sequences = 6, Length = 700;
        ModelDescription description = Samples.Description(vocabulary: 300, hidden: 16, heads: 2, layers: 1, longest: Length, tied: tied);
        TokenBatch random = Samples.Batch(description, Sequences, Length);
        byte[] labels = random.Labels.ToArray();
        labels.AsSpan(0, Length).Fill(3);
        labels.AsSpan(Length).Replace((byte)3, (byte)1);
        TokenBatch batch = random with { Labels = labels };
        float[] Gradients(int threads)
        {
            using ITrainableModel model = Samples.Model(description, threads);
            model.ComputeGradients(random, LossRouting.CrossEntropyEverywhere);
            model.ComputeGradients(batch, LossRouting.Masked());
            return model.ReadAll(TensorKind.Gradient);
        }

        float[] one = Gradients(1);

        Assert.Contains(one, gradient => gradient != 0);
        Assert.Equal(one, Gradients(2));
        Assert.Equal(one, Gradients(8));
    }

    [Fact]
    public void Await_OfASequenceWhosePredecessorFailed_DoesNotWaitForEver()
    {
        var order = new BackwardOrder();
        order.Begin(2);
        order.Complete(0, 0);

        order.Await(1, 0);
        order.Abandon();

        Assert.Throws<OperationCanceledException>(() => order.Await(1, 1));
    }

    [Fact]
    public void Update_OverTenSteps_AgreesWithAdamWInDoublePrecision()
    {
        var settings = new AdamWSettings { Beta1 = 0.85, Beta2 = 0.97, Epsilon = 1e-6, WeightDecay = 0.3 };
        using ITrainableModel model = Samples.Model(Samples.Description());
        double[] weights = ToDouble(model.ReadAll(TensorKind.Weight)), first = new double[weights.Length], second = new double[weights.Length];
        bool[] decays = [.. model.Parameters.SelectMany(parameter => Enumerable.Repeat(parameter.Shape.Count == 2, (int)parameter.Length))];
        for (int step = 1; step <= 10; step++)
        {
            double rate = 0.02 / step;
            model.ComputeGradients(Samples.Batch(model.Description, 3, 8, (ulong)step), LossRouting.UnlikelihoodOnHighRisk());
            float[] gradients = model.ReadAll(TensorKind.Gradient);
            model.Update(settings, rate, step);
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] -= decays[i] ? rate * settings.WeightDecay * weights[i] : 0;
                first[i] = (settings.Beta1 * first[i]) + ((1 - settings.Beta1) * gradients[i]);
                second[i] = (settings.Beta2 * second[i]) + ((1 - settings.Beta2) * gradients[i] * gradients[i]);
                double corrected = first[i] / (1 - Math.Pow(settings.Beta1, step));
                weights[i] -= rate * corrected / (Math.Sqrt(second[i] / (1 - Math.Pow(settings.Beta2, step))) + settings.Epsilon);
            }
        }

        AssertClose(weights, model.ReadAll(TensorKind.Weight), 2e-6);
        AssertClose(first, model.ReadAll(TensorKind.FirstMoment), 1e-7);
        AssertClose(second, model.ReadAll(TensorKind.SecondMoment), 1e-7);
    }

    [Fact]
    public void Update_OfWrittenMomentsAndGradients_ContinuesAsIfNeverStopped()
    {
        ModelDescription description = Samples.Description();
        using ITrainableModel original = Samples.Model(description), copy = new ManagedEngine().Create(description, 2);
        Step(original, 1);
        foreach (TensorKind kind in Enum.GetValues<TensorKind>())
        {
            foreach (ParameterDescription parameter in original.Parameters)
            {
                copy.Write(parameter.Name, kind, original.Read(parameter.Name, kind));
                Assert.Equal(original.Read(parameter.Name, kind), copy.Read(parameter.Name, kind));
            }
        }

        Step(original, 2);
        Step(copy, 2);

        Assert.Equal(original.ReadAll(TensorKind.Weight), copy.ReadAll(TensorKind.Weight));
        Assert.Equal(original.ReadAll(TensorKind.SecondMoment), copy.ReadAll(TensorKind.SecondMoment));
    }

    [Fact]
    public void ClipGradients_OfWrittenGradients_ReturnsTheirNorm()
    {
        ModelDescription description = Samples.Description();
        using ITrainableModel model = Samples.Model(description);
        model.ComputeGradients(Samples.Batch(description, 2, 9), LossRouting.CrossEntropyEverywhere);
        double squares = 0;
        foreach (ParameterDescription parameter in model.Parameters)
        {
            float[] gradient = [.. Enumerable.Range(0, (int)parameter.Length).Select(i => 0.01f * ((i % 7) - 3))];
            model.Write(parameter.Name, TensorKind.Gradient, gradient);
            squares += gradient.Sum(value => (double)value * value);
        }

        Assert.Equal(Math.Sqrt(squares), model.ClipGradients(1e9), 1e-6 * Math.Sqrt(squares));
        model.Initialise(1);
        Assert.Equal(0, model.ClipGradients(1));
    }

    [Fact]
    public void ClipGradients_AboveTheMaximum_ScalesToItAndReturnsTheNorm()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(), threads: 2);
        model.ComputeGradients(Samples.Batch(model.Description, 3, 8), LossRouting.CrossEntropyEverywhere);
        double[] before = ToDouble(model.ReadAll(TensorKind.Gradient));
        double norm = Math.Sqrt(before.Sum(value => value * value));

        double returned = model.ClipGradients(norm / 3);

        Assert.Equal(norm, returned, 1e-9 * norm);
        AssertClose([.. before.Select(value => value / 3)], model.ReadAll(TensorKind.Gradient), 2e-6 * norm);
        float[] clipped = model.ReadAll(TensorKind.Gradient);
        model.ClipGradients(norm);
        Assert.Equal(clipped, model.ReadAll(TensorKind.Gradient));
    }

    [Fact]
    public void Initialise_OfSeed_GivesGpt2sValuesAndClearsTheRest()
    {
        ModelDescription description = Samples.Description(vocabulary: 500, hidden: 64, heads: 4, layers: 2, feedForward: 100);
        using ITrainableModel model = Samples.Model(description);
        Step(model, 1);

        model.Initialise(7);

        foreach (ParameterDescription parameter in model.Parameters)
        {
            double[] values = ToDouble(model.Read(parameter.Name, TensorKind.Weight));
            if (!parameter.Decays)
            {
                Assert.All(values, value => Assert.Equal(1, value));
                continue;
            }

            bool residual = parameter.Name.Contains("o_proj", StringComparison.Ordinal) || parameter.Name.Contains("down_proj", StringComparison.Ordinal);
            double expected = residual ? 0.02 / Math.Sqrt(2 * 2) : 0.02, error = 5 * expected / Math.Sqrt(values.Length);
            Assert.InRange(values.Average(), -error, error);
            Assert.InRange(Math.Sqrt(values.Average(value => value * value)), expected - error, expected + error);
        }

        Assert.All(
            (TensorKind[])[TensorKind.Gradient, TensorKind.FirstMoment, TensorKind.SecondMoment],
            kind => Assert.All(model.ReadAll(kind), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Initialise_OfOtherSeedNameOrLayers_DependsOnSeedAndNameOnly()
    {
        const string Name = "model.layers.1.self_attn.k_proj.weight";
        float[] Values(int layers, ulong seed, string name)
        {
            using ITrainableModel model = new ManagedEngine().Create(Samples.Description(layers: layers), 1);
            model.Initialise(seed);
            return model.Read(name, TensorKind.Weight);
        }

        Assert.Equal(Values(2, 1, Name), Values(3, 1, Name));
        Assert.NotEqual(Values(2, 1, Name), Values(2, 2, Name));
        Assert.NotEqual(Values(2, 1, Name), Values(2, 1, "model.layers.1.self_attn.q_proj.weight"));
    }

    [Fact]
    public void ComputeGradients_OfBadBatch_IsRefused()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(longest: 4));
        LossRouting routing = LossRouting.CrossEntropyEverywhere;
        Assert.Throws<ArgumentException>(() => model.ComputeGradients(new TokenBatch(2, 3, new int[5], new byte[6]), routing));
        Assert.Throws<ArgumentException>(() => model.ComputeGradients(new TokenBatch(2, 3, new int[6], new byte[5]), routing));
        Assert.Throws<ArgumentException>(() => model.ComputeGradients(new TokenBatch(0, 3, Array.Empty<int>(), Array.Empty<byte>()), routing));
        Assert.Throws<ArgumentException>(() => model.ComputeGradients(new TokenBatch(1, 5, new int[5], new byte[5]), routing));
        Assert.Throws<ArgumentException>(() => model.ComputeGradients(new TokenBatch(1, 2, new[] { 0, 13 }, new byte[2]), routing));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ComputeGradients(new TokenBatch(1, 2, new int[2], new byte[] { 1, 4 }), routing));
    }

    [Fact]
    public void Step_AfterTheFirst_AllocatesNothing()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        TokenBatch batch = Samples.Batch(model.Description, 6, 8);
        var settings = new AdamWSettings();
        void Once(int step)
        {
            model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
            model.ClipGradients(0.1);
            model.Update(settings, 0.01, step);
        }

        Once(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Once(2);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (double[] Losses, float[] Weights) Train(ModelDescription description, int threads)
    {
        using ITrainableModel model = new ManagedEngine().Create(description, threads);
        model.Initialise(3);
        double[] losses = new double[6];
        for (int step = 1; step <= losses.Length; step++)
        {
            losses[step - 1] = model.ComputeGradients(Samples.Batch(description, 7, 21), LossRouting.UnlikelihoodOnHighRisk()).Total;
            losses[step - 1] += model.ClipGradients(0.5) * 1e-9;
            model.Update(new AdamWSettings(), 0.003, step);
        }

        return (losses, model.ReadAll(TensorKind.Weight));
    }

    private static void Step(ITrainableModel model, int step)
    {
        model.ComputeGradients(Samples.Batch(model.Description, 3, 8, (ulong)step), LossRouting.Masked());
        model.ClipGradients(1);
        model.Update(new AdamWSettings(), 0.01, step);
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(difference <= tolerance, $"The largest difference is {difference}, more than {tolerance}.");
    }
}
