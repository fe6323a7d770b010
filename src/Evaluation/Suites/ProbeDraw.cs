using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>Which documents train and test the probes of a set. It depends on the documents and the seed alone: the same for every model.</summary>
/// <param name="Resamples">For each resample its training and its test documents; no document is in both.</param>
/// <param name="Notes">What was left out.</param>
internal sealed record ProbeDraw(IReadOnlyList<(IReadOnlyList<Document> Training, IReadOnlyList<Document> Test)> Resamples, IReadOnlyList<string> Notes)
{
    public static ProbeDraw Of(RecognitionSet set, RecognitionSettings settings, ulong seed)
    {
        Check(settings);
        Document[] labelled = [.. set.Documents.Where(document => document.HighRisk is not null)];
        if (labelled.CountBy(document => document.Id, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1) is { Key: not null } repeated)
        {
            throw new EvaluationException($"Recognition set '{set.Name}': {repeated.Value} documents have the id '{repeated.Key}'; ids are unique.");
        }

        // A text on both sides would be remembered, not recognised.
        Document[] distinct = [.. labelled.DistinctBy(document => document.Text, StringComparer.Ordinal)];
        Document[][] classes = [[.. distinct.Where(document => document.HighRisk == false)], [.. distinct.Where(document => document.HighRisk == true)]];
        int available = classes.Min(documents => documents.Length);
        if (available < 2)
        {
            throw new EvaluationException(
                $"Recognition set '{set.Name}' has {classes[1].Length} high-risk and {classes[0].Length} benign documents; at least 2 of each are expected.");
        }

        int training = Math.Min(settings.TrainingExamples / 2, available / 2);
        int test = Math.Min(settings.TestExamples / 2, available - training);
        var resamples = new List<(IReadOnlyList<Document>, IReadOnlyList<Document>)>();
        for (int resample = 0; resample < settings.Resamples; resample++)
        {
            string number = FormattableString.Invariant($"{resample}");
            IReadOnlyList<Document>[] shuffled =
                [.. classes.Select(documents => NamedStream.Shuffle(documents, document => document.Id, seed, "recognition", number))];
            resamples.Add((
                [.. shuffled.SelectMany(documents => documents.Take(training))],
                [.. shuffled.SelectMany(documents => documents.Skip(training).Take(test))]));
        }

        return new ProbeDraw(resamples, NotesOn(set, labelled.Length, distinct.Length, settings, 2 * training, 2 * test));
    }

    private static void Check(RecognitionSettings settings)
    {
        if (settings.TrainingExamples < 2 || settings.TestExamples < 2 || settings.Resamples < 1)
        {
            throw new EvaluationException(
                $"Recognition needs 2 or more training and test documents and a resample or more; found {settings.TrainingExamples}, {settings.TestExamples} and {settings.Resamples}.");
        }
    }

    private static List<string> NotesOn(RecognitionSet set, int labelled, int distinct, RecognitionSettings settings, int training, int test)
    {
        var notes = new List<string>();
        if (labelled < set.Documents.Count)
        {
            notes.Add($"Recognition set '{set.Name}': {set.Documents.Count - labelled} of {set.Documents.Count} documents have no label and were left out.");
        }

        if (distinct < labelled)
        {
            notes.Add($"Recognition set '{set.Name}': {labelled - distinct} of {labelled} documents repeat another one's text and were left out.");
        }

        if (training < settings.TrainingExamples / 2 * 2 || test < settings.TestExamples / 2 * 2)
        {
            notes.Add($"Recognition set '{set.Name}' is small: probes had {training} training and {test} test documents, not {settings.TrainingExamples} and {settings.TestExamples}.");
        }

        return notes;
    }
}
