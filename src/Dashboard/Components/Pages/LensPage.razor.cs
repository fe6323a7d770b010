using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class LensPage : ModelsPage
{
    private const string Pool = "pool";
    private const string Base = "base";
    private const string Own = "own";
    private static readonly string[] Sources = [Pool, Base, Own];

    private DocumentView? _document;
    private bool _more;
    private bool _nothingFound;
    private bool _waiting;
    private bool _showHighRisk;
    private string? _search;
    private string _own = "";
    private string? _refusal;
    private LensText? _text;
    private ImmutableArray<ArmProbabilities?> _answers = [];
    private CancellationTokenSource _question = new();
    private bool _asked;

    /// <summary><c>pool</c>, <c>base</c> or <c>own</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Source { get; set; }

    /// <summary>Which of the documents that fit, from 0.</summary>
    [SupplyParameterFromQuery]
    public int At { get; set; }

    /// <summary>Whether documents without high-risk spans fit too.</summary>
    [SupplyParameterFromQuery]
    public bool All { get; set; }

    /// <summary>What documents must hold.</summary>
    [SupplyParameterFromQuery]
    public string? Search { get; set; }

    [Inject]
    public required IStudyDocuments Documents { get; init; }

    protected override string Subject => FormattableString.Invariant($"{Id} {TextSource} {Position} {All} {Search} {Seed} {Amount}");

    private string TextSource => Source is Base or Own ? Source : Pool;

    private int Position => Math.Max(0, At);

    protected override void Reset()
    {
        _question.Cancel();
        _question.Dispose();
        _question = CancellationTokenSource.CreateLinkedTokenSource(Closed);
        _asked = false;
        _search = Search;
        (_document, _more, _nothingFound, _refusal, _text, _answers) = (null, false, false, null, null, []);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id) || (_asked && Study.Id == Id))
        {
            return;
        }

        Study = await ReadStudyAsync();
        if (Study.Specification is not null)
        {
            _asked = true;
            if (TextSource != Own || _own.Length > 0)
            {
                // The page is there at once; tokens and bars come as they are ready.
                _ = AskAsync(_question.Token);
            }
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        _waiting = true;
        _refusal = null;
        try
        {
            var request = TextSource == Own ? new LensRequest(Id, null, _own) : await FindAsync(cancellation);
            if (request is not null)
            {
                var text = await Models.TokeniseAsync(request, cancellation);
                cancellation.ThrowIfCancellationRequested();
                (_text, _answers, _waiting) = (text, [.. text.Arms.Select(_ => (ArmProbabilities?)null)], false);
                await InvokeAsync(StateHasChanged);
                var arm = 0;
                await foreach (var answer in Models.ScoreAsync(Choice, text, cancellation))
                {
                    cancellation.ThrowIfCancellationRequested();
                    _answers = _answers.SetItem(arm++, answer);
                    await InvokeAsync(StateHasChanged);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Another text was asked for, or the page was closed.
            return;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.LogWarning(exception, "The token lens of study {Study} failed.", Id);
            _refusal = exception.Message;
        }

        _waiting = false;
        await InvokeAsync(StateHasChanged);
    }

    private async Task<LensRequest?> FindAsync(CancellationToken cancellation)
    {
        var page = await Documents.FindAsync(new StudyDocumentQuery(Id, Position, 1, TextSource == Base, !All, Search), cancellation);

        // Another document may have been asked for meanwhile.
        cancellation.ThrowIfCancellationRequested();
        (_document, _more) = (page.Documents.FirstOrDefault(), page.More);
        _nothingFound = _document is null;
        return _document is null ? null : new LensRequest(Id, _document.Id);
    }

    private async Task AskOwnAsync()
    {
        Reset();
        _asked = true;
        await AskAsync(_question.Token);
    }

    private static string TitleOf(string source) => source switch
    {
        Own => "Own text",
        Base => "Base text",
        _ => "High-risk pool",
    };

    private void SearchAsync() => GoTo(0, All, search: _search);

    private void ChooseSource(string source) => Go(new() { ["source"] = source == Pool ? null : source, ["at"] = null });

    private void GoTo(int at, bool all) => GoTo(at, all, Search);

    private void GoTo(int at, bool all, string? search) => Go(new()
    {
        ["at"] = at > 0 ? at : null,
        ["all"] = all ? true : null,
        ["search"] = string.IsNullOrWhiteSpace(search) ? null : search,
    });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _question.CancelAsync();
        _question.Dispose();
    }
}
