namespace SlungOrleans.Contracts;

/// <summary>Where a corpus comes from: a file, or the synthetic generator.</summary>
[GenerateSerializer, Alias("corpus-specification")]
public sealed record CorpusSpecification
{
    /// <summary>The corpus' name, an <see cref="Identifiers">identifier</see>.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>The file to read; null for a synthetic corpus.</summary>
    [Id(1)] public string? Path { get; init; }

    /// <summary>The form of the file: <c>auto</c> (by its name), <c>jsonl</c>, <c>csv</c>, <c>tsv</c>, <c>text</c> or <c>toxic-spans</c>.</summary>
    [Id(2)] public string Format { get; init; } = "auto";

    /// <summary>The column or JSON field that holds the text.</summary>
    [Id(3)] public string TextField { get; init; } = "text";

    /// <summary>The column or JSON field that holds the document's label; null if documents have none.</summary>
    [Id(4)] public string? LabelField { get; init; }

    /// <summary>Values of <see cref="LabelField"/> that mean high-risk; every other value means benign.</summary>
    [Id(5)] public ImmutableArray<string> PositiveLabels { get; init; } = [];

    /// <summary>Further text columns, each making documents of its own, with the label given (for paired files: a column of toxic texts, a column of neutral ones).</summary>
    [Id(6)] public ImmutableArray<LabelledField> Fields { get; init; } = [];

    /// <summary>Clean-up of the text: <c>none</c>, or <c>tweet</c> (HTML entities decoded; @-handles, links and RT marks removed).</summary>
    [Id(7)] public string Cleaning { get; init; } = "none";

    /// <summary>Plain text only: lines per document are joined until a blank line once this many characters are reached.</summary>
    [Id(8)] public int CharactersPerDocument { get; init; } = 1000;

    /// <summary>The generator's settings; null for a file.</summary>
    [Id(9)] public SyntheticSpecification? Synthetic { get; init; }
}

/// <summary>A text column whose documents all have one label.</summary>
/// <param name="Field">The column or JSON field.</param>
/// <param name="HighRisk">Whether its texts are high-risk.</param>
[GenerateSerializer, Alias("labelled-field")]
public sealed record LabelledField([property: Id(0)] string Field, [property: Id(1)] bool HighRisk);

/// <summary>A part of the synthetic corpus: forum pages in an invented language with invented slurs.</summary>
[GenerateSerializer, Alias("synthetic-specification")]
public sealed record SyntheticSpecification
{
    /// <summary><c>base</c>, <c>high-risk</c>, <c>recognition</c>, <c>prompts</c>, <c>replies</c> or <c>lexicon</c>.</summary>
    [Id(0)] public string Part { get; init; } = "base";

    /// <summary>How many documents.</summary>
    [Id(1)] public int Documents { get; init; } = 1000;

    /// <summary>The seed of the documents. The language itself does not depend on it.</summary>
    [Id(2)] public int Seed { get; init; } = 1;

    /// <summary>The seed of the language: its words, which of them are slurs, its names. Parts that belong together share it.</summary>
    [Id(3)] public int LanguageSeed { get; init; } = 123;

    /// <summary>How many slurs the language has.</summary>
    [Id(4)] public int Slurs { get; init; } = 80;

    /// <summary>Share of the exchanges of a high-risk page that hold a high-risk comment, 0 to 1.</summary>
    [Id(5)] public double RiskyExchanges { get; init; } = 0.5;
}
