namespace SlungOrleans.Corpora.Tests.Tagging;

/// <summary>Labelled texts for classifiers.</summary>
internal static class ClassifierExamples
{
    /// <summary>Comments of the synthetic forum, in minimal pairs: only their last word tells.</summary>
    public static List<(string Text, bool HighRisk)> Comments(int count, int seed = 1) =>
        [.. new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.Recognition, Documents = count, Seed = seed })
            .Select(d => (d.Text.Split('\n')[0], d.HighRisk!.Value))];
}
