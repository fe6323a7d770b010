using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>
/// Lines over steps. The browser gets as many points as its picture has room for, then only new ones, at most once a second (of many lines fewer,
/// and less often); where the reader zooms in, it asks for the points of that range.
/// </summary>
public sealed partial class LineChart : ComponentBase, IAsyncDisposable
{
    private const int MostRows = 20;
    private const int UsualPixels = 800;
    private const int FilePixels = 1400;

    // New points are sent as they are; after as many as this for each pixel, the whole is thinned again.
    private const int NewPointsPerPixel = 4;

    // Drawing is what costs the browser most: of more lines than this every second pixel and every third tick will do.
    private const int ManyLines = 12;

    // A little below the pace of pages: a tick that comes early is not passed over.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan PaceOfMany = TimeSpan.FromSeconds(2.9);

    private readonly HashSet<string> _hidden = [];
    private (int Points, int Generation)[] _sent = [];
    private int _newPoints;
    private int _pixels = UsualPixels;
    private long _sentAt;
    private ElementReference _element;
    private DotNetObjectReference<LineChart>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private bool _sending;
    private bool _disposed;

    [Inject]
    public required IJSRuntime JavaScript { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

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

    /// <summary>Called by the browser: the points of a range that the reader zooms into.</summary>
    /// <param name="from">The first step.</param>
    /// <param name="to">The last step.</param>
    /// <param name="pixels">Width of the picture.</param>
    [JSInvokable]
    public CurvePart[] ReadRange(double from, double to, int pixels) => [.. Curves.Select((curve, line) => curve.Range(line, from, to, PixelsFor(Math.Clamp(pixels, 1, 10_000))))];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                await CreateAsync();
            }

            await SendAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }

    private async Task CreateAsync()
    {
        _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", "./_content/SlungOrleans.Dashboard/js/line-chart.js");
        _self = DotNetObjectReference.Create(this);
        var lines = Curves.Select(curve => new { curve.Label, curve.Group, curve.Colour, curve.Dashed, curve.Banded, curve.Thin });
        var chart = await _module.InvokeAsync<IJSObjectReference>("create", _element, lines, _self);
        _pixels = await chart.InvokeAsync<int>("width") is > 0 and var pixels ? pixels : UsualPixels;
        _chart = chart;
        if (_disposed)
        {
            await DisposeChartAsync();
        }
    }

    private async Task SendAsync()
    {
        if (_chart is null || _sending || _disposed)
        {
            return;
        }

        var anew = _sent.Length != Curves.Count || Curves.Where((curve, line) => curve.Generation != _sent[line].Generation).Any();
        var news = anew ? 0 : Curves.Select((curve, line) => curve.Steps.Count - _sent[line].Points).Sum();
        if (!anew && (news == 0 || Time.GetElapsedTime(_sentAt) < (Curves.Count > ManyLines ? PaceOfMany : Pace)))
        {
            return;
        }

        _sending = true;
        try
        {
            await (anew || (_newPoints += news) > NewPointsPerPixel * PixelsFor(_pixels) * Curves.Count ? ReplaceAsync() : AppendAsync());
        }
        finally
        {
            _sending = false;
        }
    }

    private int PixelsFor(int width) => Curves.Count > ManyLines ? Math.Max(1, width / 2) : width;

    private ValueTask ReplaceAsync()
    {
        var parts = Curves.Select((curve, line) => curve.Steps.Count > 0 ? curve.Range(line, curve.Steps[0], curve.Steps[^1], PixelsFor(_pixels)) : curve.From(line, 0)).ToArray();
        _newPoints = 0;
        Remember();
        return _chart!.InvokeVoidAsync("replace", (object)parts);
    }

    private ValueTask AppendAsync()
    {
        var parts = Curves.Select((curve, line) => curve.From(line, _sent[line].Points)).Where(part => part.Steps.Length > 0).ToArray();
        Remember();
        return _chart!.InvokeVoidAsync("append", (object)parts);
    }

    private void Remember()
    {
        _sent = [.. Curves.Select(curve => (curve.Steps.Count, curve.Generation))];
        _sentAt = Time.GetTimestamp();
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

    private IEnumerable<(double Step, string[] Cells)> Rows()
    {
        var steps = AllSteps();
        var rows = Math.Min(MostRows, steps.Length);
        for (var row = 1; row <= rows; row++)
        {
            var step = steps[(int)((long)row * steps.Length / rows) - 1];
            yield return (step, [.. Curves.Select(curve => CellOf(curve, curve.IndexOf(step)))]);
        }
    }

    private double[] AllSteps() => [.. Curves.SelectMany(curve => curve.Steps).Distinct().Order()];

    private static string CellOf(Curve curve, int index) => index < 0 || !double.IsFinite(curve.Values[index])
        ? ""
        : curve.Banded && double.IsFinite(curve.Low[index])
            ? $"{Format.Number(curve.Values[index], 4)} ({Format.Number(curve.Low[index], 4)} to {Format.Number(curve.High[index], 4)})"
            : Format.Number(curve.Values[index], 4);

    private string WriteCsv()
    {
        var columns = Curves.SelectMany(curve => curve.Banded ? new[] { curve.Label, $"{curve.Label}, low", $"{curve.Label}, high" } : [curve.Label]);
        var csv = new CsvTable(["step", .. columns]);
        foreach (var step in AllSteps())
        {
            csv.Number(step);
            foreach (var curve in Curves)
            {
                var index = curve.IndexOf(step);
                csv.Number(index < 0 ? null : curve.Values[index]);
                if (curve.Banded)
                {
                    csv.Number(index < 0 ? null : curve.Low[index]).Number(index < 0 ? null : curve.High[index]);
                }
            }

            csv.EndRow();
        }

        return csv.ToString();
    }

    private string Draw() => LinePicture.ToSvg(Title, "Step", [.. Curves.Where(curve => !_hidden.Contains(curve.Group) && curve.Steps.Count > 0).Select(LineOf)], Pictures.AsFile);

    private static PictureLine LineOf(Curve curve)
    {
        var part = curve.Range(0, curve.Steps[0], curve.Steps[^1], FilePixels);
        return new PictureLine(
            curve.Label, curve.Group, ArmColours.IndexOf(curve.Colour), curve.Dashed, part.Steps, WithNaN(part.Values), WithNaN(part.Low ?? []), WithNaN(part.High ?? []));
    }

    private static double[] WithNaN(double?[] values) => [.. values.Select(value => value ?? double.NaN)];

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
        finally
        {
            _self?.Dispose();
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

        _self?.Dispose();
    }
}
