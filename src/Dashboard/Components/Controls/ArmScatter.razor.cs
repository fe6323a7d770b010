using System.Globalization;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>What the lab is about, in one picture: what each arm recognises against what it says.</summary>
public sealed partial class ArmScatter : ComponentBase
{
    private const int Width = 760;
    private const int Height = 400;
    private const int Left = 70;
    private const int Right = Width - 16;
    private const int Top = 12;
    private const int Bottom = Height - 46;
    private const int LabelHeight = 15;

    private MetricDescription? _x;
    private MetricDescription? _y;
    private ImmutableArray<ScatterPoint> _points = [];
    private PlotAxis _xAxis = null!;
    private PlotAxis _yAxis = null!;

    [Parameter, EditorRequired]
    public required Comparison Comparison { get; set; }

    [Parameter, EditorRequired]
    public double Amount { get; set; }

    private string Title => $"{_x!.Title} against {_y!.Title}";

    private ImmutableArray<MetricDescription> RecognitionMetrics => HeadlinesOf(MetricAxis.Recognition);

    private ImmutableArray<MetricDescription> GenerationMetrics => HeadlinesOf(MetricAxis.Generation);

    private bool AnyCut => _points.Any(point => IsCut(point.X, _xAxis) || IsCut(point.Y, _yAxis));

    protected override void OnParametersSet()
    {
        _x = RecognitionMetrics.Contains(_x!) ? _x : RecognitionMetrics.FirstOrDefault();
        _y = GenerationMetrics.Contains(_y!) ? _y : GenerationMetrics.FirstOrDefault();
        Arrange();
    }

    private ImmutableArray<MetricDescription> HeadlinesOf(MetricAxis axis) => [.. Comparison.Metrics.Where(metric => metric.Axis == axis && metric.Headline)];

    private void ChooseX(MetricDescription metric)
    {
        _x = metric;
        Arrange();
    }

    private void ChooseY(MetricDescription metric)
    {
        _y = metric;
        Arrange();
    }

    private void Arrange()
    {
        if (_x is null || _y is null)
        {
            return;
        }

        _points = ScatterPoint.Of(Comparison, Amount, _x.Id, _y.Id);
        if (!_points.IsEmpty)
        {
            _xAxis = AxisOf(point => point.X, seed => seed.X, Left, Right);
            _yAxis = AxisOf(point => point.Y, seed => seed.Y, Bottom, Top);
        }
    }

    private PlotAxis AxisOf(Func<ScatterPoint, ArmSummary> summary, Func<SeedPoint, double> seed, double from, double to) => PlotAxis.Around(
        [.. _points.Select(point => summary(point).Mean), .. _points.SelectMany(point => point.Seeds).Select(seed)],
        _points.SelectMany(point => new[] { summary(point).Low, summary(point).High }), from, to);

    // Labels stand beside their marks, lower where another label is in the way.
    private IEnumerable<(ScatterPoint Point, double LabelY)> Labelled()
    {
        var lowest = double.NegativeInfinity;
        foreach (var point in _points.OrderBy(point => _yAxis.At(point.Y.Mean)))
        {
            lowest = Math.Max(_yAxis.At(point.Y.Mean) - 7, lowest + LabelHeight);
            yield return (point, lowest);
        }
    }

    private bool IsAtRight(ScatterPoint point) => _xAxis.At(point.X.Mean) > Right - 130;

    private static bool IsCut(ArmSummary summary, PlotAxis axis) =>
        double.IsFinite(summary.Low) && !(axis.Shows(summary.Low) && axis.Shows(summary.High));

    private static string TitleOf(MetricDescription metric) => $"{metric.Title} ({(metric.HigherIsBetter ? "higher" : "lower")} is better)";

    private static string Describe(ArmSummary summary)
    {
        var decimals = Format.Decimals([(summary.Mean, summary.Low, summary.High)]);
        return $"{Format.Fixed(summary.Mean, decimals)} ({Intervals.Text(summary.Low, summary.High, decimals)}, N = {Format.Count(summary.N)})";
    }

    private static string P(double pixels) => pixels.ToString("0.#", CultureInfo.InvariantCulture);
}
