namespace SlungOrleans.Corpora;

/// <summary>A file of documents, and how it is read.</summary>
public sealed record DocumentSource
{
    /// <summary>The file. Gzip is recognised by its first bytes, whatever the name.</summary>
    public required string Path { get; init; }

    /// <summary>The form of the file. Default: by its name.</summary>
    public DocumentFormat Format { get; init; } = DocumentFormat.Auto;

    /// <summary>The column or JSON field that holds the text. Not read where <see cref="Fields"/> are given.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>
    /// The column or JSON field that holds the label. Null: no label for CSV and TSV, the field <c>label</c> (which may be missing) for
    /// JSONL.
    /// </summary>
    public string? LabelField { get; init; }

    /// <summary>
    /// Labels that mean high-risk; every other one means benign, an empty or missing one no label. If empty, labels are true and false, or
    /// 1 and 0.
    /// </summary>
    public IReadOnlyList<string> PositiveLabels { get; init; } = [];

    /// <summary>
    /// Text columns that each make a document of every row, with a label of their own. If empty, <see cref="TextField"/> is read.
    /// </summary>
    public IReadOnlyList<LabelledTextField> Fields { get; init; } = [];

    /// <summary>Clean-up of the texts. Not for documents with spans, whose offsets it would move.</summary>
    public TextCleaning Cleaning { get; init; } = TextCleaning.None;

    /// <summary>
    /// Plain text only: a document ends at the first blank line after this many characters (or, where none comes, at the first line end
    /// after ten times as many). At least 1.
    /// </summary>
    public int CharactersPerDocument { get; init; } = 1000;
}

/// <summary>A text column or JSON field whose documents all have one label.</summary>
/// <param name="Field">The column or field.</param>
/// <param name="HighRisk">Whether its texts are high-risk.</param>
public sealed record LabelledTextField(string Field, bool HighRisk);

/// <summary>The form of a file of documents.</summary>
public enum DocumentFormat
{
    /// <summary>
    /// By the file's name: .jsonl, .ndjson, .csv, .tsv, .txt, .text, each also with .gz; the SemEval files' own names (tsd_train.csv …).
    /// </summary>
    Auto,

    /// <summary>
    /// A JSON object per line: text, and as far as they are there id, spans (<c>[[start, end, score], …]</c> or
    /// <c>[{"start": …, "end": …, "score": …}, …]</c>, in UTF-16 code units), label, kind, fitting, unfitting.
    /// </summary>
    JsonLines,

    /// <summary>Comma-separated values (RFC 4180) with a header row.</summary>
    Csv,

    /// <summary>Tab-separated values, quoted as in RFC 4180, with a header row.</summary>
    Tsv,

    /// <summary>Plain text, cut into documents at blank lines.</summary>
    PlainText,

    /// <summary>The CSV of SemEval-2021 task 5: <c>spans</c> lists the offsets of the toxic code points of the text.</summary>
    ToxicSpans,
}

/// <summary>Clean-up of texts.</summary>
public enum TextCleaning
{
    /// <summary>None: texts are as they are.</summary>
    None,

    /// <summary>HTML entities decoded; links, @-handles and RT marks removed; white space squeezed to single spaces.</summary>
    Tweet,
}
