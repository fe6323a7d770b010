namespace SlungOrleans.Corpora;

/// <summary>What a tokenizer.json says.</summary>
internal sealed record TokenizerDescription
{
    /// <summary>The bytes of every token by id; none for special tokens and ids that are not used.</summary>
    internal required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>The merge rules, earliest first.</summary>
    internal required IReadOnlyList<Merge> Merges { get; init; }

    /// <summary>Tokens that are not special and are found in the text before it is cut, such as GPT-NeoX' runs of spaces.</summary>
    internal required IReadOnlyList<(string Text, int Id)> AddedTokens { get; init; }

    /// <summary>Whether text is brought to Unicode's form C first.</summary>
    internal required bool Composes { get; init; }

    internal required int EndOfText { get; init; }
}
