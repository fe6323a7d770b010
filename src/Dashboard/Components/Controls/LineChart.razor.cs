using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>Lines over steps. After each rendering, only the points that the browser does not have yet are sent to it.</summary>
public sealed partial class LineChart : ComponentBase, IAsyncDisposable
{
    private const int MostRows = 20;

    private readonly HashSet<string> _hidden = [];
    private int[] _sent = [];
    private ElementReference _element;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private bool _sending;
    private bool _disposed;

    [Inject]
    public required IJSRuntime JavaScript { get; init; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>What the reader should know of the points.</summary>
    [Parameter]
    public string Note { get; set; } = "";

    /// <summary>The lines; a chart of other lines is another component (use <c>@key</c>).</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Curve> Curves { get; set; } = [];

    private bool IsEmpty => Curves.All(curve => curve.Steps.Count == 0);

    private List<IGrouping<string, Curve>> Groups => [.. Curves.GroupBy(curve => curve.Group)];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                await CreateAsync();
            }

            await SendNewPointsAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }

    private async Task CreateAsync()
    {
        _sent = new int[Curves.Count];
        _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", "./_content/SlungOrleans.Dashboard/js/line-chart.js");
        var lines = Curves.Select(curve => new { curve.Label, curve.Group, curve.Colour, curve.Dashed });
        _chart = await _module.InvokeAsync<IJSObjectReference>("create", _element, lines);
        if (_disposed)
        {
            await DisposeChartAsync();
        }
    }

    private async Task SendNewPointsAsync()
    {
        if (_chart is null || _sending || _disposed)
        {
            return;
        }

        var news = Curves.Select(NewsOf).Where(news => news.Steps.Length > 0).ToArray();
        if (news.Length > 0)
        {
            _sending = true;
            await _chart.InvokeVoidAsync("append", (object)news);
            _sending = false;
        }
    }

    private News NewsOf(Curve curve, int index)
    {
        var from = _sent[index];
        _sent[index] = curve.Steps.Count;
        return new News(index, [.. curve.Steps.Skip(from)], [.. curve.Values.Skip(from).Select(value => double.IsFinite(value) ? value : (double?)null)]);
    }

    private async Task ToggleAsync(string group)
    {
        if (!_hidden.Add(group))
        {
            _hidden.Remove(group);
        }

        if (_chart is not null)
        {
            await _chart.InvokeVoidAsync("show", group, !_hidden.Contains(group));
        }
    }

    private IEnumerable<(double Step, double?[] Values)> Rows()
    {
        var steps = Curves.SelectMany(curve => curve.Steps).Distinct().Order().ToArray();
        var rows = Math.Min(MostRows, steps.Length);
        for (var row = 1; row <= rows; row++)
        {
            var step = steps[(row * steps.Length / rows) - 1];
            yield return (step, [.. Curves.Select(curve => ValueAt(curve, step))]);
        }
    }

    private static double? ValueAt(Curve curve, double step)
    {
        var index = ((List<double>)curve.Steps).BinarySearch(step);
        return index >= 0 ? curve.Values[index] : null;
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        try
        {
            await DisposeChartAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }

    private async Task DisposeChartAsync()
    {
        if (_chart is not null)
        {
            await _chart.InvokeVoidAsync("dispose");
            await _chart.DisposeAsync();
        }

        if (_module is not null)
        {
            await _module.DisposeAsync();
        }
    }

    private sealed record News(int Line, double[] Steps, double?[] Values);
}
