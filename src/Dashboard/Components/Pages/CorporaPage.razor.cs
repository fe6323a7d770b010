using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class CorporaPage : LivePage
{
    private static readonly ImmutableArray<(CorpusColumn Column, string Title, bool Right)> Columns =
    [
        (CorpusColumn.Corpus, "Corpus", false),
        (CorpusColumn.Source, "Source", false),
        (CorpusColumn.Import, "Import", false),
        (CorpusColumn.Documents, "Documents", true),
        (CorpusColumn.Characters, "Characters", true),
        (CorpusColumn.Spans, "Spans", true),
        (CorpusColumn.Labelled, "Labelled", true),
        (CorpusColumn.Jobs, "Tagging jobs", true),
    ];

    private ImmutableArray<CorpusView> _corpora = [];

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Words to search for.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>The column to sort by; after a minus, the largest first.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    protected override string Subject => "corpora";

    private CorpusList List => CorpusList.Of(Q, Sort);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var names = await ViewOfAsync<ICatalogGrain, ImmutableArray<string>>(Identifiers.Default, grain => grain.ListCorporaAsync());
        _corpora = [.. await Task.WhenAll(names.Select(name => ViewOfAsync<ICorpusGrain, CorpusView>(name, grain => grain.GetAsync())))];
    }

    private static string TitleOf(CorpusColumn column) => Columns.First(one => one.Column == column).Title;

    private void Show(CorpusList list, bool replace = false) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(list.ToQuery()), new NavigationOptions { ReplaceHistoryEntry = replace });
}
