using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation.Tests;

/// <summary>A token per word, with the space before it; token 0 is the end of text, the last one any other word.</summary>
internal sealed class WordTokenizer(params string[] words) : ITokenizer
{
    public int VocabularySize => words.Length + 2;

    public int EndOfText => 0;

    public string Fingerprint => new('a', 64);

    public int this[string word] => Array.IndexOf(words, word) is >= 0 and var index ? index + 1 : VocabularySize - 1;

    public void Encode(ReadOnlySpan<char> text, List<int> tokens) =>
        tokens.AddRange(text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => this[word]));

    public string Decode(ReadOnlySpan<int> tokens) =>
        string.Concat(tokens.ToArray().Select(token => token == 0 ? "" : token <= words.Length ? " " + words[token - 1] : " ?"));
}
