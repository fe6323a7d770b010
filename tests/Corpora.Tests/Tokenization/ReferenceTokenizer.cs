using System.Text;

namespace SlungOrleans.Corpora.Tests.Tokenization;

/// <summary>Byte-pair encoding written as its definition reads: counts anew for every merge, looks through every place.</summary>
internal static class ReferenceTokenizer
{
    /// <summary>Merges of byte strings, written as hexadecimal, in the order in which they are learnt.</summary>
    internal static List<(string Left, string Right)> Train(IEnumerable<string> pieces, int merges)
    {
        var words = pieces.Select(Symbols).ToList();
        var order = ByteAlphabet.InCharacterOrder.Select(value => value.ToString("x2")).ToList();
        var learnt = new List<(string Left, string Right)>();
        var tokens = new HashSet<string>(order);
        while (tokens.Count < 256 + merges)
        {
            var counts = new Dictionary<(string, string), int>();
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
                }
            }

            var most = counts.Values.DefaultIfEmpty().Max();
            if (most < 2)
            {
                break;
            }

            var (left, right) = counts.Where(pair => pair.Value == most).Select(pair => pair.Key)
                .OrderBy(pair => order.IndexOf(pair.Item1)).ThenBy(pair => order.IndexOf(pair.Item2)).First();
            learnt.Add((left, right));
            if (tokens.Add(left + right))
            {
                order.Add(left + right);
            }

            foreach (var word in words)
            {
                Merge(word, left, right);
            }
        }

        return learnt;
    }

    internal static List<string> Encode(string piece, IEnumerable<(string Left, string Right)> merges)
    {
        var word = Symbols(piece);
        foreach (var (left, right) in merges)
        {
            Merge(word, left, right);
        }

        return word;
    }

    private static List<string> Symbols(string piece) => [.. Encoding.UTF8.GetBytes(piece).Select(value => value.ToString("x2"))];

    private static void Merge(List<string> word, string left, string right)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] == left && word[i + 1] == right)
            {
                word[i] += right;
                word.RemoveAt(i + 1);
            }
        }
    }
}
