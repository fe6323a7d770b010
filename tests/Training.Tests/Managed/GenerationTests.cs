namespace SlungOrleans.Training.Tests.Managed;

public sealed class GenerationTests
{
    private static readonly SamplingSettings Greedy = new() { NewTokens = 12, Temperature = 0 };

    /// <summary>Without a cache: every possible next token is scored from the start, the likeliest stays.</summary>
    [Theory]
    [InlineData(NormKind.Rms, 8)]
    [InlineData(NormKind.NonParametricLayerNorm, 40)]
    public void Generate_Greedily_EqualsRescoringWithoutCache(NormKind norm, int headSize)
    {
        using ITrainableModel model = Samples.Model(Samples.Description(hidden: 2 * headSize, heads: 2, norm: norm), threads: 2);
        int[][] prompts = Prompts(5);

        int[][] continuations = model.Generate(prompts, Greedy, new ulong[prompts.Length]);

        for (int i = 0; i < prompts.Length; i++)
        {
            var tokens = prompts[i].ToList();
            for (int step = 0; step < Greedy.NewTokens; step++)
            {
                double[] next = NextLogProbabilities(model, tokens);
                tokens.Add(Array.IndexOf(next, next.Max()));
            }

            Assert.Equal(tokens.Skip(prompts[i].Length), continuations[i]);
        }
    }

    /// <summary>Fifty prompts of all lengths: more than the slots, more tokens than the rows of a step.</summary>
    [Theory]
    [InlineData(0f, 1)]
    [InlineData(1f, 1)]
    [InlineData(1f, 2)]
    [InlineData(1f, 3)]
    public void Generate_OfAnyCompanyAndThreads_GivesTheSameTokens(float temperature, int threads)
    {
        ModelDescription description = Samples.Description();
        using ITrainableModel alone = Samples.Model(description), together = Samples.Model(description, threads);
        int[][] prompts = Prompts(50);
        ulong[] streams = [.. Enumerable.Range(0, prompts.Length).Select(i => (ulong)i + 100)];
        SamplingSettings settings = new() { NewTokens = 20, TopK = 5, Temperature = temperature, EndOfText = 3, Seed = 9 };

        int[][] expected = [.. prompts.Select((prompt, i) => alone.Generate([prompt], settings, [streams[i]])[0])];

        Assert.Equal(expected, together.Generate(prompts, settings, streams));
        Assert.Contains(expected, continuation => continuation.Length < settings.NewTokens);
        Assert.All(expected, continuation => Assert.DoesNotContain(3, continuation));
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(0, 0.5f)]
    [InlineData(4, 1f)]
    [InlineData(1, 1f)]
    [InlineData(100, 2f)]
    public void Generate_OfManyStreams_DrawsInProportionToProbabilities(int topK, float temperature)
    {
        const int Draws = 6000;
        using ITrainableModel model = Samples.Model(Samples.Description(layers: 1), threads: 2);
        int[] prompt = [4, 7, 1];
        double[] next = NextLogProbabilities(model, prompt);
        double smallest = topK is 0 or > 13 ? double.NegativeInfinity : next.OrderDescending().ElementAt(topK - 1);
        double[] weights = [.. next.Select(logarithm => logarithm < smallest ? 0 : Math.Exp(logarithm / temperature))];

        int[][] continuations = model.Generate(
            Enumerable.Repeat(prompt, Draws).ToArray(),
            new SamplingSettings { NewTokens = 1, TopK = topK, Temperature = temperature, Seed = 4 },
            [.. Enumerable.Range(0, Draws).Select(i => (ulong)i)]);

        double chiSquared = 0;
        int freedom = -1;
        for (int token = 0; token < next.Length; token++)
        {
            int count = continuations.Count(continuation => continuation[0] == token);
            double expected = Draws * weights[token] / weights.Sum();
            if (expected == 0)
            {
                Assert.Equal(0, count);
                continue;
            }

            chiSquared += (count - expected) * (count - expected) / expected;
            freedom++;
        }

        Assert.InRange(chiSquared, 0, freedom + (5 * Math.Sqrt(2 * freedom)) + 1e-9);
    }

    [Fact]
    public void Generate_OfOtherSeedOrStream_GivesOtherTokens()
    {
        using ITrainableModel model = Samples.Model(Samples.Description());
        SamplingSettings settings = new() { NewTokens = 30, TopK = 0, Temperature = 2, Seed = 1 };
        int[][] same = model.Generate([[1], [1], [1]], settings, [5, 5, 6]);

        Assert.Equal(same[0], same[1]);
        Assert.NotEqual(same[0], same[2]);
        Assert.NotEqual(same[0], model.Generate([[1]], settings with { Seed = 2 }, [5])[0]);
    }

    [Fact]
    public void Generate_UntilEndOfTextOrLongestSequence_StopsThere()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(longest: 10));
        int[] prompt = [1, 2, 3, 4];
        int[] all = model.Generate([prompt], Greedy, [0])[0];
        int end = all[3];

        int[] ended = model.Generate([prompt], Greedy with { EndOfText = end }, [0])[0];

        Assert.Equal(6, all.Length);
        Assert.Equal(all.TakeWhile(token => token != end), ended);
        Assert.Empty(model.Generate([prompt], Greedy with { NewTokens = 0 }, [0])[0]);
        Assert.Empty(model.Generate([new int[10]], Greedy, [0])[0]);
    }

    [Fact]
    public void Generate_OfEqualLogits_TakesTheLowestToken()
    {
        using ITrainableModel model = new ManagedEngine().Create(Samples.Description(), 1);
        Assert.Equal([0, 0, 0], model.Generate([[5]], Greedy with { NewTokens = 3 }, [0])[0]);
        int[][] continuations = model.Generate(
            Enumerable.Repeat(new[] { 5 }, 50).ToArray(), new SamplingSettings { NewTokens = 1, TopK = 3 }, [.. Enumerable.Range(0, 50).Select(i => (ulong)i)]);
        Assert.Equal([0, 1, 2], continuations.Select(continuation => continuation[0]).Distinct().Order());
    }

    [Fact]
    public void Generate_OfBadInput_IsRefused()
    {
        using ITrainableModel model = Samples.Model(Samples.Description(longest: 8));
        Assert.Throws<ArgumentException>(() => model.Generate([[1]], Greedy, []));
        Assert.Throws<ArgumentException>(() => model.Generate([[13]], Greedy, [0]));
        Assert.Throws<ArgumentException>(() => model.Generate([[]], Greedy, [0]));
        Assert.Throws<ArgumentException>(() => model.Generate([new int[9]], Greedy, [0]));
        Assert.Throws<ArgumentException>(() => model.Generate([[1]], Greedy with { Temperature = -1 }, [0]));
        Assert.Throws<ArgumentException>(() => model.Generate([[1]], Greedy with { Temperature = float.NaN }, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate([[1]], Greedy with { TopK = -1 }, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate([[1]], Greedy with { NewTokens = -1 }, [0]));
    }

    private static int[][] Prompts(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Samples.Tokens(1 + (i * 7 % 41), 13, (ulong)i))];

    private static double[] NextLogProbabilities(ITrainableModel model, IEnumerable<int> tokens) =>
        [.. model.Score([.. Enumerable.Range(0, model.Description.VocabularySize).Select(token => (int[])[.. tokens, token])]).Select(scores => (double)scores[^1])];
}
