using System.Globalization;
using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class PlaygroundPage : ModelsPage
{
    private const int MostExchanges = 20;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // Newest first.
    private readonly List<PromptExchange> _exchanges = [];
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

    protected override string Subject => Id;

    protected override void Reset()
    {
        Stop();
        _exchanges.Clear();
        Study = new StudyView();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id) || Study.Specification is not null)
        {
            return;
        }

        Study = await ReadStudyAsync();
        if (Study.Specification is { } specification)
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
        var exchange = new PromptExchange(++_asked, request, Choice, [.. Study.Specification!.Arms.Select(arm => arm.Name)]) { PromptBlurred = _promptBlurred };
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
}
