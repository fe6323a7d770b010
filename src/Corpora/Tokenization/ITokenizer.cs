namespace SlungOrleans.Corpora;

/// <summary>Text to token ids and back. Safe to use from several threads.</summary>
public interface ITokenizer
{
    /// <summary>Tokens in the vocabulary, special ones included.</summary>
    int VocabularySize { get; }

    /// <summary>The id of the end-of-text token.</summary>
    int EndOfText { get; }

    /// <summary>SHA-256 of the tokenizer.json, lower-case hexadecimal.</summary>
    string Fingerprint { get; }

    /// <summary>Appends the ids of a text's tokens; special tokens in the text are text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Receives the ids.</param>
    void Encode(ReadOnlySpan<char> text, List<int> tokens);

    /// <summary>The text of token ids; bytes that are not UTF-8 become U+FFFD, special tokens nothing.</summary>
    /// <param name="tokens">The ids.</param>
    string Decode(ReadOnlySpan<int> tokens);
}
