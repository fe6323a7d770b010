using System.Text.RegularExpressions;

namespace SlungOrleans.Corpora.Tests.Synthetic;

public sealed partial class SyntheticTokenizationTests
{
    private const int Vocabulary = 512;

    [Fact]
    public void Slurs_UnderBytePairsOf512Tokens_AreSpelledFromSeveralPieces()
    {
        // If a slur were one token, every arm could learn it; if it were letters, none could in a short training.
        var counts = new Dictionary<string, int>();
        foreach (var part in new[] { SyntheticPart.Base, SyntheticPart.HighRisk })
        {
            var corpus = new SyntheticCorpus(new SyntheticSettings { Part = part, Documents = 400 });
            foreach (var word in corpus.SelectMany(d => Pieces().Matches(d.Text)))
            {
                counts[word.Value] = counts.GetValueOrDefault(word.Value) + 1;
            }
        }

        var words = LearnBytePairs(counts);

        var slurs = new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.Lexicon })
            .Select(d => words[$" {d.Text}"].Count).ToList();
        Assert.InRange(slurs.Min(), 2, 2);
        Assert.InRange(slurs.Max(), 3, 5);
        Assert.InRange(slurs.Average(), 2.2, 3.4);
        Assert.Single(words[" yourself"]);
    }

    /// <summary>Byte-pair encoding the slow way: count all pairs, join the commonest, and again.</summary>
    private static Dictionary<string, List<string>> LearnBytePairs(Dictionary<string, int> counts)
    {
        var words = counts.Keys.ToDictionary(w => w, w => w.Select(c => c.ToString()).ToList());
        for (var merge = 0; merge < Vocabulary - 257; merge++)
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (word, pieces) in words)
            {
                for (var i = 1; i < pieces.Count; i++)
                {
                    var pair = (pieces[i - 1], pieces[i]);
                    pairs[pair] = pairs.GetValueOrDefault(pair) + counts[word];
                }
            }

            var (left, right) = pairs.MaxBy(p => (p.Value, p.Key)).Key;
            foreach (var pieces in words.Values)
            {
                for (var i = 1; i < pieces.Count; i++)
                {
                    if (pieces[i - 1] == left && pieces[i] == right)
                    {
                        pieces[i - 1] += right;
                        pieces.RemoveAt(i);
                    }
                }
            }
        }

        return words;
    }

    /// <summary>Words with the space before them, as byte-level tokenizers part text.</summary>
    [GeneratedRegex(@" ?\w+| ?[^\w\s]+|\s")]
    private static partial Regex Pieces();
}
