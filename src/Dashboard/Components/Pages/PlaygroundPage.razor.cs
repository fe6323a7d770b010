using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class PlaygroundPage : LivePage
{
    private const int MostExchanges = 20;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // Newest first.
    private readonly List<PromptExchange> _exchanges = [];
    private StudyView _study = new();
    private CancellationTokenSource? _underWay;
    private string _prompt = "";

    // A risky prompt that was taken unread.
    private bool _promptBlurred;
    private double _temperature = 1;
    private int _topK;
    private int _newTokens;
    private int _samples = 3;
    private int _samplingSeed;
    private int _asked;
    private bool _showHighRisk;

    [Parameter]
    public required string Id { get; set; }

    /// <summary>The seed of the runs.</summary>
    [SupplyParameterFromQuery]
    public int? Seed { get; set; }

    /// <summary>The amount of the runs.</summary>
    [SupplyParameterFromQuery]
    public double? Amount { get; set; }

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required IModelService Models { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string Subject => Id;

    private ModelChoice Choice => ReplicateChoice.Of(_study.Specification!, Seed, Amount);

    protected override void Reset()
    {
        Stop();
        _exchanges.Clear();
        _study = new StudyView();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id) || _study.Specification is not null)
        {
            return;
        }

        _study = await Grains.GetGrain<IStudyGrain>(Id).GetAsync();
        if (_study.Specification is { } specification)
        {
            (_topK, _newTokens) = (specification.Evaluation.TopK, Math.Min(specification.Evaluation.NewTokens, PromptRequest.MostNewTokens));
        }
    }

    private async Task AskAsync()
    {
        if (_underWay is not null || string.IsNullOrWhiteSpace(_prompt))
        {
            return;
        }

        var request = new PromptRequest { Text = _prompt, Temperature = _temperature, TopK = _topK, NewTokens = _newTokens, Seed = _samplingSeed, Samples = _samples };
        var exchange = new PromptExchange(++_asked, request, Choice, [.. _study.Specification!.Arms.Select(arm => arm.Name)]) { PromptBlurred = _promptBlurred };
        _exchanges.Insert(0, exchange);
        if (_exchanges.Count > MostExchanges)
        {
            _exchanges.RemoveAt(MostExchanges);
        }

        using var underWay = CancellationTokenSource.CreateLinkedTokenSource(Closed);
        _underWay = underWay;
        try
        {
            await foreach (var answer in Models.GenerateAsync(exchange.Choice, request, underWay.Token))
            {
                exchange.Add(answer);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            exchange.Fault = "Stopped.";
        }
        catch (Exception exception)
        {
            Log.LogWarning(exception, "The playground of study {Study} failed.", Id);
            exchange.Fault = exception.Message;
        }

        exchange.UnderWay = false;
        _underWay = null;
    }

    private void Stop() => _underWay?.Cancel();

    private void Take((string Text, bool Blurred) prompt) => (_prompt, _promptBlurred) = prompt;

    private void Again(PromptExchange exchange)
    {
        _promptBlurred = exchange.PromptBlurred && !exchange.Shown && !_showHighRisk;
        var request = exchange.Request;
        (_prompt, _temperature, _topK, _newTokens, _samplingSeed, _samples) =
            (request.Text, request.Temperature, request.TopK, request.NewTokens, request.Seed, request.Samples);
    }

    private void Choose(ModelChoice choice) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["seed"] = choice.Seed, ["amount"] = choice.Amount }));
}
