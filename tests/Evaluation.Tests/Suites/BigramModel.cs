using SlungOrleans.Training;

namespace SlungOrleans.Evaluation.Tests;

/// <summary>An exact language model: the next token's probabilities depend on the last token alone and are what the test says.</summary>
internal sealed class BigramModel(WordTokenizer tokenizer, int longest = 16) : ILanguageModel
{
    private readonly double[][] _next =
        [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(_ => Enumerable.Repeat(1.0 / tokenizer.VocabularySize, tokenizer.VocabularySize).ToArray())];

    public Func<int[], float[]> HiddenState { get; init; } = tokens => [tokens[^1]];

    public List<int[]> Asked { get; } = [];

    public ModelDescription Description { get; } = new()
    {
        VocabularySize = tokenizer.VocabularySize, HiddenSize = 1, Layers = 1, Heads = 1, FeedForwardSize = 1, MaximumSequenceLength = longest,
    };

    /// <summary>Sets what follows a word (or "" for the end of text); words that are not named never follow.</summary>
    public BigramModel After(string word, params (string Word, double Probability)[] next)
    {
        double[] row = _next[word.Length == 0 ? 0 : tokenizer[word]];
        Array.Clear(row);
        foreach ((string following, double probability) in next)
        {
            row[following.Length == 0 ? 0 : tokenizer[following]] = probability;
        }

        Assert.Equal(1, row.Sum(), 12);
        return this;
    }

    public float[][] Score(IReadOnlyList<int[]> sequences)
    {
        Check(sequences);
        return [.. sequences.Select(tokens => tokens.Zip(tokens.Skip(1), (before, token) => (float)Math.Log(_next[before][token])).ToArray())];
    }

    public float[][] LastHiddenStates(IReadOnlyList<int[]> sequences)
    {
        Check(sequences);
        return [.. sequences.Select(HiddenState)];
    }

    public int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams)
    {
        Check(prompts);
        return [.. prompts.Zip(streams, (prompt, stream) => Continue(prompt, settings, stream))];
    }

    public void Dispose()
    {
    }

    private int[] Continue(int[] prompt, SamplingSettings settings, ulong stream)
    {
        var random = new NamedStream(NamedStream.Key(settings.Seed, $"{stream}"));
        var tokens = new List<int>();
        int last = prompt[^1];
        while (tokens.Count < settings.NewTokens && prompt.Length + tokens.Count < Description.MaximumSequenceLength)
        {
            double left = random.Next(1 << 30) / (double)(1 << 30);
            int token = _next[last].Length - 1;
            for (int i = 0; i < _next[last].Length; i++)
            {
                left -= _next[last][i];
                if (left < 0)
                {
                    token = i;
                    break;
                }
            }

            if (token == settings.EndOfText)
            {
                break;
            }

            tokens.Add(token);
            last = token;
        }

        return [.. tokens];
    }

    private void Check(IReadOnlyList<int[]> sequences)
    {
        Assert.All(sequences, tokens => Assert.InRange(tokens.Length, 1, Description.MaximumSequenceLength));
        Asked.AddRange(sequences);
    }
}
