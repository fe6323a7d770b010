namespace SlungOrleans.Training.Tests.Managed;

public sealed class GradientTests
{
    public static TheoryData<string> Routings => [.. NamedRoutings.Keys];

    private static readonly Dictionary<string, LossRouting> NamedRoutings = new()
    {
        ["cross-entropy everywhere"] = LossRouting.CrossEntropyEverywhere,
        ["masked"] = LossRouting.Masked(),
        ["masked but the middle"] = LossRouting.Masked(maskMiddle: false),
        ["unlikelihood"] = LossRouting.UnlikelihoodOnHighRisk(),
        ["unlikelihood, middle masked"] = LossRouting.UnlikelihoodOnHighRisk(LossKind.None),
        ["unlikelihood on the middle too"] = LossRouting.UnlikelihoodOnHighRisk(LossKind.Unlikelihood),
        ["unlikelihood with a floor that is met"] = LossRouting.UnlikelihoodOnHighRisk(LossKind.Unlikelihood, floor: 0.95),
        ["unlikelihood everywhere"] = new(LossKind.Unlikelihood, LossKind.Unlikelihood, LossKind.Unlikelihood, LossKind.Unlikelihood),
    };

    [Theory]
    [MemberData(nameof(Routings))]
    public void ComputeGradients_OfEveryRouting_AgreesWithReference(string routing) =>
        AssertAgrees(Samples.Description(), sequences: 3, length: 7, NamedRoutings[routing]);

    [Theory]
    [InlineData(NormKind.Rms, false)]
    [InlineData(NormKind.Rms, true)]
    [InlineData(NormKind.NonParametricLayerNorm, false)]
    [InlineData(NormKind.NonParametricLayerNorm, true)]
    public void ComputeGradients_OfEitherNormTiedOrNot_AgreesWithReference(NormKind norm, bool tied) =>
        AssertAgrees(Samples.Description(norm: norm, tied: tied), sequences: 2, length: 9, LossRouting.UnlikelihoodOnHighRisk());

    /// <summary>Widths around whole vectors and panels, lengths around vectors and blocks of queries.</summary>
    [Theory]
    [InlineData(513, 10, 1, 1, 100, 5)]
    [InlineData(2, 16, 2, 1, 16, 17)]
    [InlineData(33, 32, 1, 1, 48, 33)]
    [InlineData(48, 40, 1, 1, 1, 15)]
    [InlineData(31, 36, 2, 3, 33, 40)]
    [InlineData(64, 48, 1, 2, 32, 65)]
    [InlineData(20, 16, 1, 8, 15, 70)]
    public void ComputeGradients_OfOddSizes_AgreesWithReference(int vocabulary, int hidden, int layers, int heads, int feedForward, int length)
    {
        foreach (NormKind norm in Enum.GetValues<NormKind>())
        {
            AssertAgrees(Samples.Description(vocabulary, hidden, layers, heads, feedForward, norm: norm), 1, length, LossRouting.UnlikelihoodOnHighRisk());
        }
    }

    /// <summary>Documents that end within and between vectors, panels and blocks of queries, and one that never ends.</summary>
    [Theory]
    [InlineData(40, new[] { 3, 4, 20 })]
    [InlineData(70, new[] { 31, 32, 63, 64, 69 })]
    [InlineData(70, new int[0])]
    [InlineData(75, new[] { 0, 50 })]
    public void ComputeGradients_WithinDocuments_AgreesWithReference(int length, int[] ends)
    {
        ModelDescription description = Samples.Description(hidden: 16, heads: 2, layers: 1);
        using ITrainableModel model = Samples.Model(description);
        byte[] labels = [.. Enumerable.Range(0, length).Select(position => ends.Contains(position) ? (byte)0 : (byte)(1 + (position % 3)))];
        var batch = new TokenBatch(1, length, Samples.Tokens(length, description.VocabularySize), labels) { AttendAcrossDocuments = false };

        AssertAgrees(model, batch, LossRouting.UnlikelihoodOnHighRisk());

        double within = model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere).Total;
        double across = model.ComputeGradients(batch with { AttendAcrossDocuments = true }, LossRouting.CrossEntropyEverywhere).Total;
        Assert.Equal(ends.Length == 0, within == across);
    }

    /// <summary>A document's losses do not depend on those before it, but for the rotary positions, on which attention does not depend.</summary>
    [Fact]
    public void ComputeGradients_WithinDocuments_GivesEachTheLossItHasAlone()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        int[] first = Samples.Tokens(37, 13), second = Samples.Tokens(29, 13, number: 1);
        byte[] labels = [.. Enumerable.Repeat((byte)1, 36), 0, .. Enumerable.Repeat((byte)1, 29)];
        double Sum(int[] tokens, byte[] of) => model.ComputeGradients(
            new TokenBatch(1, tokens.Length, tokens, of) { AttendAcrossDocuments = false }, LossRouting.CrossEntropyEverywhere).CrossEntropySum;

        double together = Sum([.. first, .. second], labels), alone = Sum(first, labels[..37]) + Sum(second, labels[37..]);

        double between = -model.Score([[.. first, second[0]]])[0][^1];
        Assert.Equal(alone + between, together, 1e-4);
    }

    [Fact]
    public void ComputeGradients_OfManySequences_AgreesWithReference() =>
        AssertAgrees(Samples.Description(hidden: 16, heads: 2, layers: 1), sequences: 11, length: 4, LossRouting.Masked());

    [Fact]
    public void ComputeGradients_OfOneTokenSequences_HasNoTargetsButCountsPositions()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());

        BatchLoss loss = model.ComputeGradients(new TokenBatch(3, 1, new[] { 1, 2, 3 }, new byte[] { 1, 3, 1 }), LossRouting.Masked());

        Assert.Equal(new BatchLoss(0, 0, 0, 0, 2), loss);
        Assert.All(model.ReadAll(TensorKind.Gradient), value => Assert.Equal(0, value));
    }

    [Fact]
    public void ComputeGradients_OfBatchWhereAllIsMasked_IsZeroAndFinite()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        model.ComputeGradients(Samples.Batch(model.Description, 2, 6), LossRouting.CrossEntropyEverywhere);

        BatchLoss loss = model.ComputeGradients(
            new TokenBatch(2, 6, Samples.Tokens(12, 13), Enumerable.Repeat((byte)3, 12).ToArray()), LossRouting.Masked());

        Assert.Equal(new BatchLoss(0, 0, 0, 0, 1), loss);
        Assert.Equal(0, loss.Total);
        Assert.All(model.ReadAll(TensorKind.Gradient), value => Assert.Equal(0, value));
        Assert.Equal(0, model.ClipGradients(1));
    }

    /// <summary>The reference itself: its gradients against central differences of its loss.</summary>
    [Theory]
    [InlineData(NormKind.Rms, false)]
    [InlineData(NormKind.NonParametricLayerNorm, true)]
    public void Reference_OfEveryParameter_AgreesWithFiniteDifferences(NormKind norm, bool tied)
    {
        ModelDescription description = Samples.Description(vocabulary: 7, hidden: 8, layers: 1, heads: 2, feedForward: 5, norm: norm, tied: tied);
        using ITrainableModel model = Samples.Model(description);
        TokenBatch batch = Samples.Batch(description, 2, 5);
        LossRouting routing = LossRouting.UnlikelihoodOnHighRisk();
        Dictionary<string, double[]> weights = Samples.Weights(model);
        Dictionary<string, double[]> gradients = new ReferenceModel(description, weights).Loss(batch, routing).Gradients;
        foreach ((string name, double[] values) in weights)
        {
            for (int i = 0; i < values.Length; i += 3)
            {
                const double Step = 1e-5;
                double value = values[i];
                values[i] = value + Step;
                double above = new ReferenceModel(description, weights).Loss(batch, routing).Loss;
                values[i] = value - Step;
                double below = new ReferenceModel(description, weights).Loss(batch, routing).Loss;
                values[i] = value;
                Assert.Equal((above - below) / (2 * Step), gradients[name][i], 1e-8);
            }
        }
    }

    [Fact]
    public void ComputeGradients_OfWeightThatIsNotANumber_HasLossThatIsNotANumber()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        float[] weights = model.Read("model.layers.1.mlp.up_proj.weight", TensorKind.Weight);
        weights[5] = float.NaN;
        model.Write("model.layers.1.mlp.up_proj.weight", TensorKind.Weight, weights);

        BatchLoss loss = model.ComputeGradients(Samples.Batch(model.Description, 2, 6), LossRouting.UnlikelihoodOnHighRisk());

        Assert.True(double.IsNaN(loss.Total));
        Assert.True(double.IsNaN(model.ClipGradients(1)));
    }

    private static void AssertAgrees(ModelDescription description, int sequences, int length, LossRouting routing)
    {
        using ITrainableModel model = Samples.Model(description, threads: 2);
        AssertAgrees(model, Samples.Batch(description, sequences, length), routing);
    }

    private static void AssertAgrees(ITrainableModel model, TokenBatch batch, LossRouting routing)
    {
        (double expectedLoss, Dictionary<string, double[]> expectedGradients) = Samples.Reference(model).Loss(batch, routing);

        BatchLoss loss = model.ComputeGradients(batch, routing);

        Assert.Equal(expectedLoss, loss.Total, 2e-6 * Math.Max(1, Math.Abs(expectedLoss)));
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), expectedGradients.Keys);
        foreach ((string name, double[] expected) in expectedGradients)
        {
            float[] actual = model.Read(name, TensorKind.Gradient);
            double largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
            Assert.True(difference <= (1e-5 * largest) + 1e-9, $"{name}: the gradient is off by {difference}, its largest element is {largest}.");
        }
    }
}
