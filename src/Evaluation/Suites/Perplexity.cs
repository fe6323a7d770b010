using System.Collections.Immutable;
using System.Globalization;
using SlungOrleans.Corpora;
using SlungOrleans.Training;

namespace SlungOrleans.Evaluation;

/// <summary>
/// How well does the model predict held-out text? For every set <c>perplexity/&lt;set&gt;</c> = exp(total -log p / predicted tokens), pooled over all
/// tokens, ends of text among them, the first token of a sequence left out; <c>bits-per-byte/&lt;set&gt;</c> = mean -log₂ p of the text's tokens ×
/// tokens per byte (Gao et al., arXiv 2101.00027, section 3.1); and where tokens have labels <c>perplexity/&lt;set&gt;-benign-tokens</c>, over
/// predicted tokens labelled benign, whatever stands before them.
/// </summary>
public static class Perplexity
{
    /// <summary>The suite's name.</summary>
    public const string Suite = "perplexity";

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="sets">Sets of held-out documents.</param>
    /// <param name="settings">How.</param>
    /// <param name="seed">Names the order of the documents; one for all runs of a study.</param>
    /// <param name="progress">Told of sequences scored and sequences in all.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="EvaluationException">A set has no text to predict, or labels for other than all tokens.</exception>
    public static SuiteResult Run(
        ILanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<PerplexitySet> sets,
        PerplexitySettings settings,
        ulong seed,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        HeldOutText[] texts =
            [.. sets.Select(set => HeldOutText.Of(set, settings, model.Description.MaximumSequenceLength, tokenizer.EndOfText, seed))];
        int total = texts.Sum(text => text.Sequences.Count);
        int done = 0;
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var items = ImmutableArray.CreateBuilder<SuiteItem>();
        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (HeldOutText text in texts)
        {
            int before = done;
            List<float[]> scores = SuiteRun.InBatches(
                text.Sequences, batch => model.Score([.. batch.Select(sequence => sequence.Tokens)]), count => progress?.Invoke(before + count, total), cancellation);
            done += text.Sequences.Count;

            PerplexityItem[] measured = [.. text.Sequences.Zip(scores, (sequence, scored) => Item(text, sequence, scored))];
            items.AddRange(measured);
            AddMetrics(metrics, text, measured, scores, tokenizer.EndOfText);
            notes.AddRange(text.Notes);
            int broken = measured.Count(item => !double.IsFinite(item.NegativeLogLikelihood));
            if (broken > 0)
            {
                notes.Add($"{broken} of {measured.Length} sequences of set '{text.Name}' have a log-probability that is not finite: the model has diverged.");
            }
        }

        return new SuiteResult
        {
            Suite = Suite,
            Metrics = metrics.ToImmutable(),
            Items = items.ToImmutable(),
            Notes = notes.ToImmutable(),
            Provenance = ImmutableSortedDictionary<string, string>.Empty
                .Add("tokenizer", tokenizer.Fingerprint)
                .Add("packed", settings.Packed ? "true" : "false")
                .Add("seed", seed.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static PerplexityItem Item(HeldOutText text, HeldOutSequence sequence, float[] scores)
    {
        double sum = 0;
        double benignSum = 0;
        int benign = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            sum -= scores[i];
            if (sequence.Labels?[i + 1] == RiskLabel.Benign)
            {
                benignSum -= scores[i];
                benign++;
            }
        }

        return new PerplexityItem(sequence.Id, text.Name, scores.Length, sum, benign, benignSum);
    }

    private static void AddMetrics(
        ImmutableSortedDictionary<string, double>.Builder metrics, HeldOutText text, PerplexityItem[] items, List<float[]> scores, int endOfText)
    {
        metrics[$"perplexity/{text.Name}"] = Math.Exp(items.Sum(item => item.NegativeLogLikelihood) / items.Sum(item => (long)item.Tokens));
        if (items.Sum(item => (long)item.BenignTokens) is > 0 and var benign)
        {
            metrics[$"perplexity/{text.Name}-benign-tokens"] = Math.Exp(items.Sum(item => item.BenignNegativeLogLikelihood) / benign);
        }

        double nats = 0;
        long tokens = 0;
        for (int s = 0; s < scores.Count; s++)
        {
            for (int i = 0; i < scores[s].Length; i++)
            {
                if (text.Sequences[s].Tokens[i + 1] != endOfText)
                {
                    nats -= scores[s][i];
                    tokens++;
                }
            }
        }

        if (double.IsFinite(text.TokensPerByte))
        {
            metrics[$"bits-per-byte/{text.Name}"] = nats / tokens / Math.Log(2) * text.TokensPerByte;
        }
    }
}
