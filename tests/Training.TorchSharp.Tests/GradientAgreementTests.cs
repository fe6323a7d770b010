using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class GradientAgreementTests
{
    public static TheoryData<string, NormKind, bool, bool> Arms()
    {
        var data = new TheoryData<string, NormKind, bool, bool>();
        foreach (string arm in new[] { "full", "masked", "masked-binary", "unlikelihood", "unlikelihood-floor" })
        {
            foreach (NormKind norm in Enum.GetValues<NormKind>())
            {
                data.Add(arm, norm, norm == NormKind.NonParametricLayerNorm, arm != "masked");
            }
        }

        return data;
    }

    [TorchTheory]
    [MemberData(nameof(Arms))]
    public void ComputeGradients_AnyArmAndNorm_AreTheManagedEngines(string arm, NormKind norm, bool tied, bool acrossDocuments)
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(norm: norm, tied: tied));
        using ITrainableModel actual = TorchEngine.CopyOf(expected);
        TokenBatch batch = Samples.Batch(expected.Description, 3, 17) with { AttendAcrossDocuments = acrossDocuments };
        Agreement.EnsureSameGradients(expected, actual, batch, Agreement.Routing(arm));
    }

    [TorchTheory]
    [InlineData("XS", 2, 128)]
    [InlineData("S", 1, 96)]
    public void ComputeGradients_OfRealShapes_AreTheManagedEngines(string shape, int sequences, int length)
    {
        ModelDescription description = shape == "XS"
            ? Samples.Description(vocabulary: 4096, hidden: 128, layers: 4, heads: 4, feedForward: 352, longest: 256)
            : Samples.Description(vocabulary: 8192, hidden: 256, layers: 6, heads: 8, feedForward: 704, longest: 256);
        using ITrainableModel expected = new ManagedEngine().Create(description, 2);
        expected.Initialise(7);
        using ITrainableModel actual = TorchEngine.Open().Create(description, 2);
        actual.Initialise(7);
        Assert.Equal(expected.ReadAll(TensorKind.Weight), actual.ReadAll(TensorKind.Weight));
        Agreement.EnsureSameGradients(expected, actual, Samples.Batch(description, sequences, length), LossRouting.UnlikelihoodOnHighRisk());
    }

    public static TheoryData<EngineSettings> WaysToSaveMemory() =>
    [
        new EngineSettings { SequencesAtOnce = 1 },
        new EngineSettings { SequencesAtOnce = 2 },
        new EngineSettings { RecomputeActivations = true },
        new EngineSettings { LogitsAtOnce = 13 * 4 },
        new EngineSettings { LogitsAtOnce = 1, SequencesAtOnce = 2, RecomputeActivations = true, Deterministic = true },
    ];

    [TorchTheory]
    [MemberData(nameof(WaysToSaveMemory))]
    public void ComputeGradients_InParts_AreThoseOfTheWhole(EngineSettings settings)
    {
        using ITrainableModel expected = Samples.Model(Samples.Description());
        using ITrainableModel actual = TorchEngine.CopyOf(expected, settings);
        Agreement.EnsureSameGradients(expected, actual, Samples.Batch(expected.Description, 5, 11), LossRouting.UnlikelihoodOnHighRisk());
    }

    [TorchFact]
    public void ComputeGradients_WithActivationsComputedAgain_AreTheSameBits()
    {
        using ITrainableModel managed = Samples.Model(Samples.Description());
        using ITrainableModel kept = TorchEngine.CopyOf(managed, new EngineSettings { Deterministic = true });
        using ITrainableModel again = TorchEngine.CopyOf(managed, new EngineSettings { Deterministic = true, RecomputeActivations = true });
        TokenBatch batch = Samples.Batch(managed.Description, 4, 20);
        Assert.Equal(kept.ComputeGradients(batch, LossRouting.Masked()), again.ComputeGradients(batch, LossRouting.Masked()));
        Assert.Equal(kept.ReadAll(TensorKind.Gradient), again.ReadAll(TensorKind.Gradient));
    }

    /// <summary>With repeated tokens, whose embedding gradients meet, over several parts of a batch.</summary>
    [TorchTheory]
    [InlineData(NumericPrecision.Single)]
    [InlineData(NumericPrecision.TensorFloat32)]
    [InlineData(NumericPrecision.BFloat16)]
    public void Step_TwiceFromTheSameWeights_GivesTheSameBits(NumericPrecision precision)
    {
        ModelDescription description = Samples.Description(vocabulary: 50, hidden: 128, layers: 2, heads: 2, feedForward: 352);
        float[][] weights = [.. Enumerable.Range(0, 2).Select(_ => Train())];
        Assert.Equal(weights[0], weights[1]);

        float[] Train()
        {
            using ITrainableModel model = TorchEngine.Open(new EngineSettings { Deterministic = true, Precision = precision, SequencesAtOnce = 3 }).Create(description, 2);
            model.Initialise(4);
            for (int step = 1; step <= 3; step++)
            {
                model.ComputeGradients(Samples.Batch(description, 8, 96, (ulong)step), LossRouting.UnlikelihoodOnHighRisk());
                model.ClipGradients(1);
                model.Update(new AdamWSettings(), 1e-3, step);
            }

            return model.ReadAll(TensorKind.Weight);
        }
    }

    [TorchTheory]
    [InlineData(NumericPrecision.Single, true, 1e-5)]
    [InlineData(NumericPrecision.Single, false, 1e-5)]
    [InlineData(NumericPrecision.BFloat16, true, 0.03)]
    [InlineData(NumericPrecision.BFloat16, false, 0.03)]
    public void ComputeGradients_WithFusedAttention_AreThoseOfItWrittenOut(NumericPrecision precision, bool acrossDocuments, double bound)
    {
        ModelDescription description = Samples.Description(vocabulary: 512, hidden: 128, layers: 2, heads: 2, feedForward: 352);
        using ITrainableModel written = TorchEngine.Open(new EngineSettings { Precision = precision, Deterministic = true }).Create(description, 2);
        using ITrainableModel fused = TorchEngine.Open(new EngineSettings { Precision = precision }).Create(description, 2);
        TokenBatch batch = Samples.Batch(description, 4, 96) with { AttendAcrossDocuments = acrossDocuments };
        foreach (ITrainableModel model in new[] { written, fused })
        {
            model.Initialise(3);
            model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        }

        Assert.All(written.Parameters, parameter => Assert.True(
            Agreement.Distance(fused.Read(parameter.Name, TensorKind.Gradient), written.Read(parameter.Name, TensorKind.Gradient)) < bound, parameter.Name));
    }

    [TorchFact]
    public void ComputeGradients_OfACertainTarget_AreFinite()
    {
        // Logits in the thousands: p of a target is 0 or 1 in single precision.
        using ITrainableModel expected = Samples.Model(Samples.Description(layers: 1));
        float[] head = expected.Read("lm_head.weight", TensorKind.Weight);
        expected.Write("lm_head.weight", TensorKind.Weight, Array.ConvertAll(head, value => value * 2000));
        using ITrainableModel actual = TorchEngine.CopyOf(expected);
        Agreement.EnsureSameGradients(expected, actual, Samples.Batch(expected.Description, 2, 30), LossRouting.UnlikelihoodOnHighRisk(), gradientBound: 1e-3);
        Assert.All(actual.ReadAll(TensorKind.Gradient), value => Assert.True(float.IsFinite(value)));
    }

    [TorchFact]
    public void ComputeGradients_OfABatchWithoutLoss_AreZero()
    {
        using ITrainableModel model = TorchEngine.CopyOf(Samples.Model(Samples.Description()));
        TokenBatch batch = Samples.Batch(model.Description, 2, 9) with { Labels = Enumerable.Repeat((byte)3, 18).ToArray() };
        BatchLoss loss = model.ComputeGradients(batch, LossRouting.Masked());
        Assert.Equal(new BatchLoss(0, 0, 0, 0, 1), loss);
        Assert.All(model.ReadAll(TensorKind.Gradient), value => Assert.Equal(0, value));
    }

    [TorchFact]
    public void ComputeGradients_InBFloat16_AreThoseOfSinglePrecisionToItsRounding()
    {
        ModelDescription description = Samples.Description(vocabulary: 512, hidden: 64, layers: 2, heads: 4, feedForward: 176);
        using ITrainableModel expected = new ManagedEngine().Create(description, 2);
        expected.Initialise(3);
        using ITrainableModel actual = TorchEngine.CopyOf(expected, new EngineSettings { Precision = NumericPrecision.BFloat16 });
        TokenBatch batch = Samples.Batch(description, 4, 32);
        double single = expected.ComputeGradients(batch, LossRouting.UnlikelihoodOnHighRisk()).Total;
        double rounded = actual.ComputeGradients(batch, LossRouting.UnlikelihoodOnHighRisk()).Total;
        Assert.NotEqual(single, rounded);
        Assert.Equal(single, rounded, 1e-3 * single);
        Assert.All(expected.Parameters, parameter => Assert.True(
            Agreement.Distance(actual.Read(parameter.Name, TensorKind.Gradient), expected.Read(parameter.Name, TensorKind.Gradient)) < 0.03, parameter.Name));

        // The weights themselves stay in single precision: a step far below bfloat16's resolution is kept.
        float before = actual.Read("model.norm.weight", TensorKind.Weight)[0], matrix = actual.Read("lm_head.weight", TensorKind.Weight)[0];
        actual.ClipGradients(1);
        actual.Update(new AdamWSettings(), 1e-6, 1);
        Assert.NotEqual(matrix, actual.Read("lm_head.weight", TensorKind.Weight)[0]);
        Assert.NotEqual(before, actual.Read("model.norm.weight", TensorKind.Weight)[0]);
    }
}
