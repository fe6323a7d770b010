using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SlungOrleans.Corpora;

namespace SlungOrleans.Benchmarks;

/// <summary>Byte-level BPE over the lines of text files, on one core: training it, then encoding them, and that they come back.</summary>
internal static class TokenizerSpeed
{
    private const int Rounds = 9;

    /// <param name="vocabularySize">Tokens to train.</param>
    /// <param name="files">Text files.</param>
    internal static void Run(int vocabularySize, string[] files)
    {
        string[] lines = [.. files.SelectMany(File.ReadLines)];
        double megabytes = lines.Sum(line => Encoding.UTF8.GetByteCount(line)) / 1e6;
        long start = Stopwatch.GetTimestamp();
        BytePairTokenizer tokenizer = BytePairTokenizer.Train(lines, vocabularySize);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{vocabularySize} tokens trained on {megabytes:F1} MB in {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s"));

        Encode("own", tokenizer, tokenizer, lines, megabytes);
#if USE_MICROSOFT_TOKENIZERS
        Encode("Microsoft.ML.Tokenizers", new MicrosoftTokenizer(tokenizer), tokenizer, lines, megabytes);
#endif
    }

    private static void Encode(string name, ITokenizer encoder, BytePairTokenizer tokenizer, string[] lines, double megabytes)
    {
        var tokens = new List<int>();
        var rates = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            tokens.Clear();
            long start = Stopwatch.GetTimestamp();
            foreach (string line in lines)
            {
                encoder.Encode(line, tokens);
            }

            rates.Add(megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        rates.Sort();
        bool equal = tokenizer.Decode(CollectionsMarshal.AsSpan(tokens)) == string.Concat(lines);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: encoded at {rates[^1]:F1} MB/s (median {rates[Rounds / 2]:F1}), {tokens.Count} tokens; decoded: {(equal ? "equal" : "DIFFERENT")}"));
    }
}
