using SlungOrleans.Corpora.Tests.Tokenization;

namespace SlungOrleans.Corpora.Tests.Arms;

/// <summary>Base documents, and pool documents in which invented slurs (they start with "zug") are high-risk spans and "hm" a middle one.</summary>
internal static class SampleCorpus
{
    internal static IReadOnlyList<Document> Base(int count) =>
        [.. SampleText.Documents(count).Select((text, index) => new Document { Id = $"base-{index}", Text = text })];

    internal static IReadOnlyList<Document> Pool(int count) =>
        [.. SampleText.Documents(count + 7).Skip(7).Select((text, index) => WithSpans($"pool-{index}", text, index))];

    private static Document WithSpans(string id, string text, int index)
    {
        var words = text.Split(' ').ToList();
        words.Insert(words.Count / 2, $"zug{index}");
        words.Insert(words.Count / 3, "hm");
        words.Insert(1, $"zug{index}");
        var joined = string.Join(' ', words);
        var spans = new List<ScoredSpan>();
        var at = 0;
        foreach (var word in words)
        {
            if (word == "hm" || word.StartsWith("zug", StringComparison.Ordinal))
            {
                spans.Add(new ScoredSpan(at, at + word.Length, word == "hm" ? 0.5 : 0.999));
            }

            at += word.Length + 1;
        }

        return new Document { Id = id, Text = joined, Spans = spans };
    }
}
