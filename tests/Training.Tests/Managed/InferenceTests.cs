namespace SlungOrleans.Training.Tests.Managed;

public sealed class InferenceTests
{
    /// <summary>Lengths around vectors and blocks of queries.</summary>
    private static readonly int[] Lengths = [1, 2, 5, 16, 17, 31, 32, 33, 64, 70];

    [Theory]
    [InlineData(NormKind.Rms, false)]
    [InlineData(NormKind.NonParametricLayerNorm, true)]
    public void Score_OfVariousLengths_AgreesWithReference(NormKind norm, bool tied)
    {
        using ITrainableModel model = Samples.Model(Samples.Description(hidden: 12, heads: 2, norm: norm, tied: tied), threads: 2);
        int[][] sequences = Sequences(model.Description);

        float[][] scores = model.Score(sequences);

        for (int i = 0; i < sequences.Length; i++)
        {
            Scalar[] expected = Samples.Reference(model).LogProbabilities(sequences[i]);
            Assert.Equal(sequences[i].Length - 1, scores[i].Length);
            Assert.All(scores[i].Zip(expected), pair => Assert.Equal(pair.Second.Value, pair.First, 2e-5));
        }
    }

    [Fact]
    public void Score_OfModelThatTrained_IsOfTheNewWeights()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(), threads: 2);
        int[] sequence = Samples.Tokens(9, 13);
        model.Score([sequence]);
        model.ComputeGradients(Samples.Batch(model.Description, 2, 9), LossRouting.CrossEntropyEverywhere);
        model.Update(new AdamWSettings(), 0.01, 1);

        float[] scores = model.Score([sequence])[0];

        Assert.All(scores.Zip(Samples.Reference(model).LogProbabilities(sequence)), pair => Assert.Equal(pair.Second.Value, pair.First, 2e-5));
    }

    [Fact]
    public void LastHiddenStates_OfVariousLengths_AgreeWithReference()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(), threads: 2);
        int[][] sequences = [.. Sequences(model.Description).Take(6)];

        float[][] states = model.LastHiddenStates(sequences);

        for (int i = 0; i < sequences.Length; i++)
        {
            Scalar[] expected = Samples.Reference(model).FinalStates(sequences[i])[^1];
            Assert.Equal(expected.Length, states[i].Length);
            Assert.All(states[i].Zip(expected), pair => Assert.Equal(pair.Second.Value, pair.First, 2e-5));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ScoreAndLastHiddenStates_OfAnyThreadsAndCompany_AreTheSameBits(int threads)
    {
        ModelDescription description = Samples.Description();
        int[][] sequences = Sequences(description);
        using ITrainableModel alone = Samples.Model(description), together = Samples.Model(description, threads);
        int[][] reversed = [.. sequences.Reverse()];

        Assert.Equal(sequences.Select(sequence => alone.Score([sequence])[0]), together.Score(reversed).Reverse());
        Assert.Equal(sequences.Select(sequence => alone.LastHiddenStates([sequence])[0]), together.LastHiddenStates(reversed).Reverse());
    }

    [Fact]
    public void ScoreAndGenerate_OfNoInputs_GiveNothing()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(), threads: 2);
        Assert.Empty(model.Score([]));
        Assert.Empty(model.LastHiddenStates([]));
        Assert.Empty(model.Generate([], new SamplingSettings(), []));
    }

    [Fact]
    public void Score_OfBadInput_IsRefused()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(vocabulary: 13, longest: 8));
        Assert.Contains("Token 13 is not in the vocabulary of 13", Assert.Throws<ArgumentException>(() => model.Score([[1, 13]])).Message, StringComparison.Ordinal);
        Assert.Contains("Token -1 is not", Assert.Throws<ArgumentException>(() => model.LastHiddenStates([[-1]])).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 8 tokens, not 9", Assert.Throws<ArgumentException>(() => model.Score([new int[9]])).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 8 tokens, not 0", Assert.Throws<ArgumentException>(() => model.Score([[]])).Message, StringComparison.Ordinal);
    }

    private static int[][] Sequences(ModelDescription description) =>
        [.. Lengths.Select(length => Samples.Tokens(length, description.VocabularySize, (ulong)length))];
}
