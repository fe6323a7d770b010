using SlungOrleans.Training.Managed;
using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.Tests.Loss;

public sealed unsafe class SelectiveLossTests
{
    private const int Vocabulary = 5;

    /// <summary>One sequence of four tokens with labels 1, 3, 2, 1 and target log-probabilities a, b, c: the authors' code gives these values.</summary>
    [Fact]
    public void ComputeGradients_OfWorkedExample_HasItsLosses()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(layers: 1));
        int[] tokens = [3, 8, 1, 5];
        float[] scores = model.Score([tokens])[0];
        double a = scores[0], b = scores[1], c = scores[2];
        BatchLoss Loss(LossRouting routing) => model.ComputeGradients(new TokenBatch(1, 4, tokens, new byte[] { 1, 3, 2, 1 }), routing);

        BatchLoss all = Loss(LossRouting.CrossEntropyEverywhere), masked = Loss(LossRouting.Masked()), unlikelihood = Loss(LossRouting.UnlikelihoodOnHighRisk());

        Assert.Equal(-(a + b + c) / 4, all.Total, 1e-6);
        Assert.Equal((3, 0, 4), (all.CrossEntropyTokens, all.UnlikelihoodTokens, all.Denominator));
        Assert.Equal(-c / 2, masked.Total, 1e-6);
        Assert.Equal((1, 0, 2), (masked.CrossEntropyTokens, masked.UnlikelihoodTokens, masked.Denominator));
        Assert.Equal(-(b + c + Math.Log(1 - Math.Exp(a))) / 4, unlikelihood.Total, 1e-6);
        Assert.Equal((2, 1, 4), (unlikelihood.CrossEntropyTokens, unlikelihood.UnlikelihoodTokens, unlikelihood.Denominator));
        Assert.Equal(-Math.Log(1 - Math.Exp(a)), unlikelihood.UnlikelihoodSum, 1e-6);
    }

    /// <summary>With u the target's logit above the log-sum-exp of the others, -log(1 - p) = log(1 + e^u): from e^u where p is tiny to u where 1 - p is.</summary>
    [Theory]
    [InlineData(-200)]
    [InlineData(-60)]
    [InlineData(-30)]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(1000)]
    [InlineData(1e30)]
    public void Unlikelihood_OfAnyProbability_IsFiniteAndExact(double u)
    {
        float[] others = [0.5f, -1, 2, 0.25f];
        double othersSum = others.Sum(z => Math.Exp(z));
        float target = (float)(u + Math.Log(othersSum));
        u = target - Math.Log(othersSum);

        (double loss, float[] gradient) = Run([others[0], others[1], target, others[2], others[3]], 2, floor: 0);

        double p = 1 / (1 + Math.Exp(-u)), expected = u > 30 ? u : u < -16 ? Math.Exp(u) : Math.Log(1 + Math.Exp(u));
        Assert.Equal(expected, loss, 1e-6 * expected);
        double[] shares = [.. others.Select(z => -p * Math.Exp(z) / othersSum)];
        double[] expectedGradient = [shares[0], shares[1], p, shares[2], shares[3]];
        Assert.All(gradient.Zip(expectedGradient), pair => Assert.Equal(pair.Second, pair.First, (1e-6 * Math.Abs(pair.Second)) + 1e-37));
    }

    [Fact]
    public void Unlikelihood_WithTheAuthorsFloor_IsConstantBeyondIt()
    {
        float[] Logits(float target) => [0, 0, target, 0, 0];
        double largest = -Math.Log(LossRouting.AuthorsUnlikelihoodFloor), atFloor = largest + Math.Log(4);

        (double below, float[] gradientBelow) = Run(Logits((float)(atFloor - 0.01)), 2, LossRouting.AuthorsUnlikelihoodFloor);
        (double above, float[] gradientAbove) = Run(Logits((float)(atFloor + 0.01)), 2, LossRouting.AuthorsUnlikelihoodFloor);

        Assert.Equal(20.723265836946414, largest, 1e-12);
        Assert.Equal(largest - 0.01, below, 1e-5);
        Assert.Equal(1, gradientBelow[2], 1e-6);
        Assert.Equal(largest, above);
        Assert.All(gradientAbove, value => Assert.Equal(0, value));
    }

    [Fact]
    public void CrossEntropy_OfAnyProbability_IsFiniteAndExact()
    {
        float* logits = stackalloc float[16];
        foreach (float target in (float[])[-1000, -50, 0, 50, 1000])
        {
            new Span<float>(logits, 16).Fill(99);
            ((float[])[1, target, -1, 0, 0.5f]).CopyTo(new Span<float>(logits, 16));
            double[] z = [1, target, -1, 0, 0.5];
            double lse = z.Max() + Math.Log(z.Sum(value => Math.Exp(value - z.Max())));

            double loss = Run(logits, Vocabulary, 1, LossKind.CrossEntropy, 0.5f, 0);

            Assert.Equal(lse - target, loss, 1e-6 * Math.Max(1, lse - target));
            for (int i = 0; i < 16; i++)
            {
                Assert.Equal(i < Vocabulary ? 0.5 * (Math.Exp(z[i] - lse) - (i == 1 ? 1 : 0)) : 0, logits[i], 1e-7);
            }
        }
    }

    /// <summary>A head a thousand times too large: probabilities of 0 and 1 to the last bit.</summary>
    [Fact]
    public void ComputeGradients_OfExtremeProbabilities_IsFinite()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        model.Write("lm_head.weight", TensorKind.Weight, [.. model.Read("lm_head.weight", TensorKind.Weight).Select(value => 1000 * value)]);
        LossRouting everywhere = new(LossKind.Unlikelihood, LossKind.Unlikelihood, LossKind.Unlikelihood, LossKind.Unlikelihood);

        BatchLoss loss = model.ComputeGradients(Samples.Batch(model.Description, 4, 12), everywhere);

        Assert.True(double.IsFinite(loss.Total) && loss.Total > 1);
        Assert.All(model.ReadAll(TensorKind.Gradient), value => Assert.True(float.IsFinite(value)));
        Assert.Contains(model.ReadAll(TensorKind.Gradient), value => value != 0);
    }

    [Fact]
    public void Routing_OfLabelThatIsNone_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LossRouting.Masked()[4]);

    /// <summary>Which label bears which loss, arm by arm (the authors' label_mask_to_loss).</summary>
    [Fact]
    public void Routing_OfEveryArm_IsTheAuthors()
    {
        string Kinds(LossRouting routing) => string.Join(' ', Enumerable.Range(0, 4).Select(label => routing[(byte)label]));
        Assert.Equal("CrossEntropy CrossEntropy CrossEntropy CrossEntropy", Kinds(LossRouting.CrossEntropyEverywhere));
        Assert.Equal("CrossEntropy CrossEntropy None None", Kinds(LossRouting.Masked()));
        Assert.Equal("CrossEntropy CrossEntropy CrossEntropy None", Kinds(LossRouting.Masked(maskMiddle: false)));
        Assert.Equal("CrossEntropy CrossEntropy CrossEntropy Unlikelihood", Kinds(LossRouting.UnlikelihoodOnHighRisk()));
        Assert.Equal("CrossEntropy CrossEntropy None Unlikelihood", Kinds(LossRouting.UnlikelihoodOnHighRisk(LossKind.None)));
        Assert.Equal(0, LossRouting.UnlikelihoodOnHighRisk().UnlikelihoodFloor);
        Assert.Equal(1e-9, LossRouting.UnlikelihoodOnHighRisk(floor: LossRouting.AuthorsUnlikelihoodFloor).UnlikelihoodFloor);
    }

    private static (double Loss, float[] Gradient) Run(float[] logits, int target, double floor)
    {
        float* padded = stackalloc float[16];
        logits.CopyTo(new Span<float>(padded, 16));
        new Span<float>(padded + Vocabulary, 16 - Vocabulary).Fill(77);
        double loss = Run(padded, Vocabulary, target, LossKind.Unlikelihood, 1, floor);
        Assert.All(new Span<float>(padded + Vocabulary, 16 - Vocabulary).ToArray(), value => Assert.Equal(0, value));
        return (loss, new Span<float>(padded, Vocabulary).ToArray());
    }

    private static double Run(float* logits, int count, int target, LossKind kind, float weight, double floor)
    {
        using var arena = new NativeArena();
        var selective = new SelectiveLoss(1, 1, arena);
        selective.Begin();
        selective.Set(0, target, kind);
        selective.AddBlock(logits, 16, 1, 0, 0, count);
        double loss = selective.Loss(0, weight, floor);
        selective.Gradients(logits, 16, 1, 0, 0, count);
        return loss;
    }
}
