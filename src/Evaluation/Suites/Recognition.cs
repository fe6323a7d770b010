using System.Collections.Immutable;
using System.Globalization;
using SlungOrleans.Corpora;
using SlungOrleans.Training;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Does the model recognise high-risk text? A linear probe on the hidden state at a document's last token, as in the authors' evaluation: no
/// prompt; a document that is too long loses its beginning; logistic regression; the mean over resamples. The metrics
/// <c>recognition/&lt;set&gt;/auroc</c>, <c>…/average-precision</c>, <c>…/f1</c>, <c>…/accuracy</c>, <c>…/precision</c> and <c>…/recall</c> are there
/// for every set, and those of the first set also without its name.
/// </summary>
public static class Recognition
{
    /// <summary>The suite's name.</summary>
    public const string Suite = "recognition";

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="sets">Sets of labelled documents, the headline one first.</param>
    /// <param name="settings">How.</param>
    /// <param name="seed">Names the draws; one for all runs of a study, so that every model is asked the same items.</param>
    /// <param name="progress">Told of documents read and documents in all.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="EvaluationException">A set has too few documents, or the model's hidden states are not finite.</exception>
    public static SuiteResult Run(
        ILanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<RecognitionSet> sets,
        RecognitionSettings settings,
        ulong seed,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        ProbeDraw[] draws = [.. sets.Select(set => ProbeDraw.Of(set, settings, seed))];
        Document[][] needed = [.. draws.Select(Needed)];
        int total = needed.Sum(documents => documents.Length);
        int done = 0;

        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var items = ImmutableArray.CreateBuilder<SuiteItem>();
        var notes = ImmutableArray.CreateBuilder<string>();
        for (int s = 0; s < sets.Count; s++)
        {
            int before = done;
            Dictionary<string, double[]> features =
                Features(model, tokenizer, sets[s].Name, needed[s], notes, count => progress?.Invoke(before + count, total), cancellation);
            done += needed[s].Length;
            notes.AddRange(draws[s].Notes);
            RecognitionItem[] scored =
                [.. draws[s].Resamples.SelectMany((draw, resample) => Probe(sets[s].Name, resample, draw.Training, draw.Test, features, settings))];
            items.AddRange(scored);
            foreach ((string name, double value) in Measure(scored))
            {
                metrics[$"{Suite}/{sets[s].Name}/{name}"] = value;
                if (s == 0)
                {
                    metrics[$"{Suite}/{name}"] = value;
                }
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
                .Add("seed", seed.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static Document[] Needed(ProbeDraw draw) =>
        [.. draw.Resamples.SelectMany(resample => resample.Training.Concat(resample.Test)).DistinctBy(document => document.Id, StringComparer.Ordinal)];

    private static Dictionary<string, double[]> Features(
        ILanguageModel model, ITokenizer tokenizer, string set, Document[] documents, ImmutableArray<string>.Builder notes, Action<int> progress, CancellationToken cancellation)
    {
        int longest = model.Description.MaximumSequenceLength;
        int cut = 0;
        int[] TokensOf(Document document)
        {
            int[] tokens = tokenizer.Tokens(document.Text);
            if (tokens.Length == 0)
            {
                throw new EvaluationException($"Recognition set '{set}': document '{document.Id}' has no tokens; text is expected.");
            }

            cut += tokens.Length > longest ? 1 : 0;
            return SuiteRun.KeepEnd(tokens, longest);
        }

        List<float[]> states = SuiteRun.InBatches(documents, batch => model.LastHiddenStates([.. batch.Select(TokensOf)]), progress, cancellation);
        if (cut > 0)
        {
            notes.Add($"Recognition set '{set}': {cut} of {documents.Length} documents are longer than {longest} tokens and lost their beginning.");
        }

        var features = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (int i = 0; i < documents.Length; i++)
        {
            features[documents[i].Id] = Array.TrueForAll(states[i], float.IsFinite)
                ? Array.ConvertAll(states[i], value => (double)value)
                : throw new EvaluationException($"The model's hidden state after document '{documents[i].Id}' of set '{set}' is not finite: it has diverged.");
        }

        return features;
    }

    private static IEnumerable<RecognitionItem> Probe(
        string set, int resample, IReadOnlyList<Document> training, IReadOnlyList<Document> test, Dictionary<string, double[]> features, RecognitionSettings settings)
    {
        double[][] trainingFeatures = [.. training.Select(document => features[document.Id])];
        Standardisation scale = settings.Standardise ? Standardisation.Of(trainingFeatures) : Standardisation.None(trainingFeatures[0].Length);
        LogisticRegression probe = LogisticRegression.Fit(
            [.. trainingFeatures.Select(scale.Apply)], [.. training.Select(document => document.HighRisk == true)], settings.InverseRegularisation);
        return test.Select(document => new RecognitionItem(
            document.Id, set, resample, document.HighRisk == true, probe.LogOdds(scale.Apply(features[document.Id]))));
    }

    private static IEnumerable<(string Name, double Value)> Measure(RecognitionItem[] items) => items
        .GroupBy(item => item.Resample)
        .SelectMany(resample => MeasureResample([.. resample.Select(item => item.Score)], [.. resample.Select(item => item.HighRisk)]))
        .GroupBy(measure => measure.Name, (name, measures) => (name, measures.Average(measure => measure.Value)));

    private static IEnumerable<(string Name, double Value)> MeasureResample(double[] scores, bool[] labels)
    {
        Confusion counts = Confusion.Count(scores, labels, threshold: 0);
        return
        [
            ("auroc", Ranking.Auroc(scores, labels)),
            ("average-precision", Ranking.AveragePrecision(scores, labels)),
            ("f1", counts.F1),
            ("accuracy", counts.Accuracy),
            ("precision", counts.Precision),
            ("recall", counts.Recall),
        ];
    }
}
