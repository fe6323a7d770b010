using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Columns that the list of corpora can be sorted by.</summary>
internal enum CorpusColumn
{
    Corpus,
    Source,
    Import,
    Documents,
    Characters,
    Spans,
    Labelled,
    Jobs,
}

/// <summary>What of the corpora is listed, and in which order. It is what the page's address says, and nothing else.</summary>
/// <param name="Search">Words that must all be found in the name, the source or the message.</param>
/// <param name="Column">The column to sort by.</param>
/// <param name="Descending">Whether the largest comes first.</param>
internal sealed record CorpusList(string Search, CorpusColumn Column, bool Descending)
{
    public static CorpusList Default { get; } = new("", CorpusColumn.Corpus, Descending: false);

    /// <summary>Reads the parts of an address; what is not understood there counts as not given.</summary>
    public static CorpusList Of(string? search, string? sort)
    {
        var list = Default with { Search = search ?? "" };
        return Enum.TryParse<CorpusColumn>(sort?.TrimStart('-'), ignoreCase: true, out var column) && Enum.IsDefined(column)
            ? list with { Column = column, Descending = sort!.StartsWith('-') }
            : list;
    }

    /// <summary>The parts of the address; null for what is as by default.</summary>
    public Dictionary<string, object?> ToQuery() => new()
    {
        ["q"] = Search.Length > 0 ? Search : null,
        ["sort"] = (Column, Descending) == (Default.Column, Default.Descending) ? null : (Descending ? "-" : "") + Column.ToString().ToLowerInvariant(),
    };

    /// <summary>The list sorted by a column; by the same column again, the other way round.</summary>
    public CorpusList SortBy(CorpusColumn column) => this with
    {
        Column = column,
        Descending = column == Column ? !Descending : column is not (CorpusColumn.Corpus or CorpusColumn.Source or CorpusColumn.Import),
    };

    /// <summary>The corpora that are listed, in order.</summary>
    public ImmutableArray<CorpusView> Apply(IEnumerable<CorpusView> corpora)
    {
        var words = Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var listed = corpora.Where(corpus => words.All(word => Holds(corpus, word)));
        var ordered = Column switch
        {
            CorpusColumn.Source => Order(listed, CorpusWords.SourceOf, StringComparer.OrdinalIgnoreCase),
            CorpusColumn.Import => Order(listed, corpus => corpus.Import.State),
            CorpusColumn.Documents => Order(listed, corpus => FigureOf(corpus, "documents")),
            CorpusColumn.Characters => Order(listed, corpus => FigureOf(corpus, "characters")),
            CorpusColumn.Spans => Order(listed, corpus => FigureOf(corpus, "spans")),
            CorpusColumn.Labelled => Order(listed, corpus => FigureOf(corpus, "labelled")),
            CorpusColumn.Jobs => Order(listed, corpus => corpus.TaggingJobs.Length),
            _ => Order(listed, corpus => corpus.Name, StringComparer.Ordinal),
        };
        return [.. ordered.ThenBy(corpus => corpus.Name, StringComparer.Ordinal)];
    }

    private IOrderedEnumerable<CorpusView> Order<T>(IEnumerable<CorpusView> corpora, Func<CorpusView, T> key, IComparer<T>? comparer = null) =>
        Descending ? corpora.OrderByDescending(key, comparer) : corpora.OrderBy(key, comparer);

    private static double FigureOf(CorpusView corpus, string name) => corpus.Import.Numbers.GetValueOrDefault(name, -1);

    private static bool Holds(CorpusView corpus, string word) =>
        corpus.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || CorpusWords.SourceOf(corpus).Contains(word, StringComparison.OrdinalIgnoreCase)
        || corpus.Import.Message.Contains(word, StringComparison.OrdinalIgnoreCase);
}
