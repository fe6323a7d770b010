using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Columns that the list of studies can be sorted by.</summary>
internal enum StudyColumn
{
    Launched,
    Study,
    State,
    Arms,
    Seeds,
    Runs,
    Verdict,
    Duration,
}

/// <summary>States as people filter by them: a study's stages while it runs are one.</summary>
internal enum StudyGroup
{
    UnderWay,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>What of the studies is listed, and in which order. It is what the page's address says, and nothing else.</summary>
/// <param name="Search">Words that must all be found in the name, the arms or the message.</param>
/// <param name="Groups">States that are listed; all if empty.</param>
/// <param name="Column">The column to sort by.</param>
/// <param name="Descending">Whether the largest comes first.</param>
internal sealed record StudyList(string Search, ImmutableArray<StudyGroup> Groups, StudyColumn Column, bool Descending)
{
    private static readonly ImmutableArray<(StudyGroup Group, string Address, string Text)> Names =
    [
        (StudyGroup.UnderWay, "under-way", "under way"),
        (StudyGroup.Completed, "completed", "completed"),
        (StudyGroup.Failed, "failed", "failed"),
        (StudyGroup.Cancelled, "cancelled", "cancelled"),
    ];

    public static StudyList Default { get; } = new("", [], StudyColumn.Launched, Descending: true);

    /// <summary>Reads the parts of an address; what is not understood there counts as not given.</summary>
    public static StudyList Of(string? search, string? states, string? sort)
    {
        var groups = (states ?? "").Split(',').SelectMany(state => Names.Where(name => name.Address == state)).Select(name => name.Group);
        var known = Enum.TryParse<StudyColumn>(sort?.TrimStart('-'), ignoreCase: true, out var column) && Enum.IsDefined(column);
        var list = Default with { Search = search ?? "", Groups = [.. groups.Distinct().Order()] };
        return known ? list with { Column = column, Descending = sort!.StartsWith('-') } : list;
    }

    /// <summary>The parts of the address; null for what is as by default.</summary>
    public Dictionary<string, object?> ToQuery() => new()
    {
        ["q"] = Search.Length > 0 ? Search : null,
        ["state"] = Groups.IsEmpty ? null : string.Join(',', Groups.Select(group => Names.First(name => name.Group == group).Address)),
        ["sort"] = (Column, Descending) == (Default.Column, Default.Descending)
            ? null
            : (Descending ? "-" : "") + Column.ToString().ToLowerInvariant(),
    };

    public static StudyGroup GroupOf(StudyStage stage) => stage switch
    {
        StudyStage.Completed => StudyGroup.Completed,
        StudyStage.Failed => StudyGroup.Failed,
        StudyStage.Cancelled => StudyGroup.Cancelled,
        _ => StudyGroup.UnderWay,
    };

    public static string TextOf(StudyGroup group) => Names.First(name => name.Group == group).Text;

    /// <summary>The list with a state taken in or out.</summary>
    public StudyList Toggle(StudyGroup group) => this with { Groups = Groups.Contains(group) ? Groups.Remove(group) : [.. Groups.Add(group).Order()] };

    /// <summary>The list sorted by a column; by the same column again, the other way round.</summary>
    public StudyList SortBy(StudyColumn column) => this with
    {
        Column = column,
        Descending = column == Column ? !Descending : column is StudyColumn.Launched or StudyColumn.Runs or StudyColumn.Seeds or StudyColumn.Duration,
    };

    /// <summary>The studies that are listed, in order.</summary>
    public ImmutableArray<StudySummary> Apply(IEnumerable<StudySummary> studies, DateTimeOffset now)
    {
        var words = Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var listed = studies.Where(study => (Groups.IsEmpty || Groups.Contains(GroupOf(study.Stage))) && words.All(word => Holds(study, word)));
        var ordered = Column switch
        {
            StudyColumn.Study => Order(listed, study => study.Id, StringComparer.Ordinal),
            StudyColumn.State => Order(listed, study => study.Stage),
            StudyColumn.Arms => Order(listed, study => study.Arms.Length),
            StudyColumn.Seeds => Order(listed, study => study.Seeds),
            StudyColumn.Runs => Order(listed, study => study.Runs == 0 ? 0 : (double)study.RunsDone / study.Runs),
            StudyColumn.Verdict => Order(listed, study => study.Verdict, StringComparer.Ordinal),
            StudyColumn.Duration => Order(listed, study => (study.Ended ?? now) - study.Launched),
            _ => Order(listed, study => study.Launched),
        };
        return [.. ordered.ThenByDescending(study => study.Launched).ThenBy(study => study.Id, StringComparer.Ordinal)];
    }

    private IOrderedEnumerable<StudySummary> Order<T>(IEnumerable<StudySummary> studies, Func<StudySummary, T> key, IComparer<T>? comparer = null) =>
        Descending ? studies.OrderByDescending(key, comparer) : studies.OrderBy(key, comparer);

    private static bool Holds(StudySummary study, string word) =>
        study.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
        || study.Message.Contains(word, StringComparison.OrdinalIgnoreCase)
        || study.Arms.Any(arm => arm.Contains(word, StringComparison.OrdinalIgnoreCase));
}
