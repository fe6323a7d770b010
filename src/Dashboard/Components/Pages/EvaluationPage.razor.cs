using System.Globalization;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class EvaluationPage : LivePage
{
    private EvaluationView _evaluation = new();
    private SuiteResult? _result;
    private ImmutableArray<RecognitionItem> _recognition = [];
    private ImmutableDictionary<string, DocumentView> _documents = ImmutableDictionary<string, DocumentView>.Empty;
    private string _fault = "";

    [Parameter]
    public required string Id { get; set; }

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required IStudyDocuments Documents { get; init; }

    protected override string Subject => Id;

    private string StudyName => _evaluation.Request is { } request ? request.Study.Length > 0 ? request.Study : request.RunSpecification.Study : "";

    private double Threshold => _evaluation.Request?.Settings.Scorer.Threshold ?? 0.5;

    protected override void Reset()
    {
        (_evaluation, _result, _recognition, _fault) = (new EvaluationView(), null, [], "");
        _documents = ImmutableDictionary<string, DocumentView>.Empty;
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id) || _result is not null || _fault.Length > 0)
        {
            return;
        }

        _evaluation = await ViewOfAsync<IEvaluationGrain, EvaluationView>(Id, grain => grain.GetAsync());
        if (_evaluation is { Request: { } request, Work.State: WorkState.Completed })
        {
            await ReadResultAsync(request, cancellation);
        }
    }

    private async Task ReadResultAsync(EvaluationRequest request, CancellationToken cancellation)
    {
        try
        {
            if (await EvaluationItems.ReadAsync(Artefacts, Id, cancellation) is not { } result)
            {
                _fault = "The result of this evaluation is not in the store any more.";
                return;
            }

            _recognition = [.. result.Items.OfType<RecognitionItem>()];
            _documents = await ReadDocumentsAsync(request, result, cancellation);
            _result = result;
        }
        catch (EvaluationException exception)
        {
            _fault = exception.Message;
        }
    }

    /// <summary>The texts of the items that do not bring theirs along, by set and id.</summary>
    private async Task<ImmutableDictionary<string, DocumentView>> ReadDocumentsAsync(EvaluationRequest request, SuiteResult result, CancellationToken cancellation)
    {
        var corpora = result.Suite switch
        {
            SuiteNames.Recognition => result.Items.OfType<RecognitionItem>().GroupBy(item => item.Set, item => item.Id),
            SuiteNames.Replies => request.Settings.Replies
                .SelectMany(corpus => result.Items.Select(item => (corpus, Id: request.Settings.Replies.Length > 1 ? ItemText.IdIn(corpus, item.Id) : item.Id)))
                .GroupBy(pair => pair.corpus, pair => pair.Id),
            _ => [],
        };
        var found = ImmutableDictionary.CreateBuilder<string, DocumentView>(StringComparer.Ordinal);
        foreach (var corpus in corpora)
        {
            try
            {
                foreach (var document in await Documents.ReadAsync(corpus.Key, [.. corpus], cancellation))
                {
                    found[ItemText.Key(corpus.Key, document.Id)] = document;
                }
            }
            catch (LabException exception)
            {
                _fault = $"The texts of the examples cannot be shown: {exception.Message}";
            }
        }

        return found.ToImmutable();
    }

    private static IEnumerable<(string Name, string Value)> Lineage(EvaluationRequest request, SuiteResult result)
    {
        var run = request.RunSpecification;
        yield return ("Arm", run.Arm.Name);
        yield return ("Seed of the run", run.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("Amount", Format.Share(run.Amount));
        yield return ("Data set", run.Dataset);
        foreach (var (key, value) in result.Provenance)
        {
            // The run has a seed, too.
            var name = key == "seed" ? "evaluation-seed" : key;
            yield return ($"{char.ToUpperInvariant(name[0])}{name[1..].Replace('-', ' ')}", value);
        }

        foreach (var (name, value) in SettingsOf(result.Suite, request.Settings))
        {
            yield return (name, value);
        }
    }

    private static IEnumerable<(string Name, string Value)> SettingsOf(string suite, EvaluationSpecification settings)
    {
        switch (suite)
        {
            case SuiteNames.Recognition:
                yield return ("Sets", string.Join(", ", settings.Recognition));
                yield return ("Training examples", Format.Count(settings.ProbeTrainingExamples));
                yield return ("Test examples", Format.Count(settings.ProbeTestExamples));
                yield return ("Resamples", Format.Count(settings.ProbeResamples));
                break;
            case SuiteNames.Generation:
                yield return ("Prompts", settings.Prompts.IsEmpty ? "cut from held-out documents" : string.Join(", ", settings.Prompts));
                yield return ("Prompts of a kind", Format.Count(settings.PromptsPerKind));
                yield return ("Continuations", Format.Count(settings.Continuations));
                yield return ("New tokens", Format.Count(settings.NewTokens));
                yield return ("Top-k", Format.Count(settings.TopK));
                break;
            case SuiteNames.Perplexity:
                yield return ("Most sequences", Format.Count(settings.PerplexitySequences));
                break;
            case SuiteNames.Replies:
                yield return ("Sets", string.Join(", ", settings.Replies));
                break;
            default:
                break;
        }
    }
}
