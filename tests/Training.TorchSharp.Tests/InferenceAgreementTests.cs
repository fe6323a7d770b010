using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class InferenceAgreementTests
{
    private static readonly int[][] Prompts = [.. Enumerable.Range(0, 9).Select(number => Samples.Tokens(1 + (number * 5 % 17), 13, (ulong)number))];

    [TorchTheory]
    [InlineData(NormKind.Rms)]
    [InlineData(NormKind.NonParametricLayerNorm)]
    public void Score_SequencesOfManyLengths_IsTheManagedEngines(NormKind norm)
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(norm: norm)), actual = TorchEngine.CopyOf(expected);
        float[][] ours = expected.Score(Prompts), theirs = actual.Score(Prompts);
        Assert.Equal(ours.Length, theirs.Length);
        Assert.All(ours.Zip(theirs), scores =>
        {
            Assert.Equal(scores.First.Length, scores.Second.Length);
            Assert.All(scores.First.Zip(scores.Second), score => Assert.Equal(score.First, score.Second, 1e-4));
        });
        Assert.Empty(actual.Score([]));
        Assert.Empty(Assert.Single(actual.Score([[3]])));
    }

    /// <summary>More tokens, and more rows of logits, than are computed at a time.</summary>
    [TorchFact]
    public void Score_ManySequences_IsTheManagedEngines()
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(layers: 1)), actual = TorchEngine.CopyOf(expected, new EngineSettings { LogitsAtOnce = 13 * 1000 });
        int[][] sequences = [.. Enumerable.Range(0, 400).Select(number => Samples.Tokens(30 + (number * 7 % 60), 13, (ulong)number))];
        Assert.True(sequences.Sum(tokens => tokens.Length) > 20_000);
        Assert.All(expected.Score(sequences).Zip(actual.Score(sequences)), scores =>
        {
            Assert.Equal(scores.First.Length, scores.Second.Length);
            Assert.All(scores.First.Zip(scores.Second), score => Assert.Equal(score.First, score.Second, 1e-4));
        });
    }

    /// <summary>More prompts than are continued at a time, in no order of length.</summary>
    [TorchFact]
    public void Generate_ManyPrompts_GivesTheManagedEnginesTokens()
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(layers: 1, longest: 40)), actual = TorchEngine.CopyOf(expected);
        int[][] prompts = [.. Enumerable.Range(0, 300).Select(number => Samples.Tokens(1 + (number * 11 % 23), 13, (ulong)number))];
        ulong[] streams = [.. Enumerable.Range(0, prompts.Length).Select(number => (ulong)number)];
        var settings = new SamplingSettings { NewTokens = 8, EndOfText = 4, Seed = 2 };
        Assert.Equal(expected.Generate(prompts, settings, streams), actual.Generate(prompts, settings, streams));
    }

    [TorchFact]
    public void LastHiddenStates_SequencesOfManyLengths_AreTheManagedEngines()
    {
        using ITrainableModel expected = Samples.Model(Samples.Description()), actual = TorchEngine.CopyOf(expected);
        Assert.All(
            expected.LastHiddenStates(Prompts).Zip(actual.LastHiddenStates(Prompts)),
            states => Assert.True(Agreement.Distance(states.Second, states.First) < 1e-5));
    }

    [TorchTheory]
    [InlineData(0f, 0)]
    [InlineData(1f, 5)]
    [InlineData(0.7f, 0)]
    public void Generate_PromptsOfManyLengths_GivesTheManagedEnginesTokens(float temperature, int topK)
    {
        using ITrainableModel expected = Samples.Model(Samples.Description(longest: 40)), actual = TorchEngine.CopyOf(expected);
        var settings = new SamplingSettings { NewTokens = 30, Temperature = temperature, TopK = topK, EndOfText = 4, Seed = 9 };
        ulong[] streams = [.. Enumerable.Range(0, Prompts.Length).Select(number => (ulong)number)];
        int[][] ours = expected.Generate(Prompts, settings, streams);
        Assert.Equal(ours, actual.Generate(Prompts, settings, streams));
        Assert.Contains(ours, tokens => tokens.Length > 10);
    }

    [TorchFact]
    public void Generate_AtTheLongestSequence_EndsThere()
    {
        using ITrainableModel model = TorchEngine.CopyOf(Samples.Model(Samples.Description(longest: 20)));
        int[][] prompts = [Samples.Tokens(20, 13), Samples.Tokens(15, 13), Samples.Tokens(1, 13)];
        int[][] tokens = model.Generate(prompts, new SamplingSettings { NewTokens = 50, Temperature = 0 }, [0, 1, 2]);
        Assert.Equal([0, 5, 19], tokens.Select(continuation => continuation.Length));
    }

    [TorchFact]
    public void Ask_ATokenOutsideTheVocabulary_IsRefused()
    {
        using ITrainableModel model = TorchEngine.Open().Create(Samples.Description(), 1);
        Assert.Contains("Token 13 is not in the vocabulary of 13.", Assert.Throws<ArgumentException>(() => model.Score([[1, 13]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.LastHiddenStates([new int[97]]));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Score([[1, 2]]));
    }
}
