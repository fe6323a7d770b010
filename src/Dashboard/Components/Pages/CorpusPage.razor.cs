using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class CorpusPage : LivePage
{
    private const int PageSize = 20;

    private static readonly ImmutableArray<(string Name, string Title)> Figures =
        [("documents", "Documents"), ("characters", "Characters"), ("spans", "Spans"), ("labelled", "Labelled")];

    private static readonly DataSpecification Usual = new();

    private CorpusView _corpus = new();
    private TaggerSpecification? _tagger;
    private (double Benign, double HighRisk) _thresholds = (Usual.BenignThreshold, Usual.HighRiskThreshold);
    private DocumentPage? _page;
    private string _pageVersion = "";
    private bool _showHighRisk;

    [Parameter]
    public required string Name { get; set; }

    /// <summary>Documents to pass over.</summary>
    [SupplyParameterFromQuery]
    public int From { get; set; }

    /// <summary>The tagging job whose spans are shown; none for the corpus' own.</summary>
    [SupplyParameterFromQuery]
    public string? Job { get; set; }

    /// <summary>Whether only documents with spans are shown.</summary>
    [SupplyParameterFromQuery]
    public bool Only { get; set; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string Subject => $"{Name} {Skip} {Job} {Only}";

    private int Skip => Math.Max(0, From);

    private IEnumerable<(string Title, string Figure)> Statistics => CorpusWords.StatisticsOf(_corpus);

    protected override void Reset()
    {
        _tagger = null;
        _page = null;
        _pageVersion = "";
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Name))
        {
            return;
        }

        _corpus = await ViewOfAsync<ICorpusGrain, CorpusView>(Name, grain => grain.GetAsync());

        // Spans of its own are those that the gold tagger would give.
        _tagger ??= !Identifiers.IsValid(Job) ? new TaggerSpecification() : (await ViewOfAsync<ITaggingJobGrain, TaggingView>(Job!, grain => grain.GetAsync())).Request?.Tagger;
        if (_corpus.Version.Length > 0 && _corpus.Version != _pageVersion)
        {
            _page = await Artefacts.ReadDocumentsAsync(new DocumentQuery(Name, Skip, PageSize, string.IsNullOrEmpty(Job) ? null : Job, Only), cancellation);
            _pageVersion = _corpus.Version;
        }
    }

    private void GoTo(int from, string? job, bool only) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["from"] = from > 0 ? from : null,
        ["job"] = string.IsNullOrEmpty(job) ? null : job,
        ["only"] = only ? true : null,
    }));
}
