using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>What the lab is about, in one picture: what each arm recognises against what it says. The report has the same.</summary>
public sealed partial class ArmScatter : ComponentBase
{
    private MetricDescription? _x;
    private MetricDescription? _y;

    [Parameter, EditorRequired]
    public required Comparison Comparison { get; set; }

    [Parameter, EditorRequired]
    public double Amount { get; set; }

    /// <summary>Id of the generation metric; null for the first headline metric.</summary>
    [Parameter]
    public string? Generation { get; set; }

    /// <summary>Id of the recognition metric; null for the first headline metric.</summary>
    [Parameter]
    public string? Recognition { get; set; }

    /// <summary>Whether the page chooses the metrics, and not the reader here.</summary>
    [Parameter]
    public bool Fixed { get; set; }

    private string Title => $"{_y!.Title} against {_x!.Title}";

    private ImmutableArray<MetricDescription> RecognitionMetrics => HeadlinesOf(MetricAxis.Recognition);

    private ImmutableArray<MetricDescription> GenerationMetrics => HeadlinesOf(MetricAxis.Generation);

    private ImmutableArray<string> Front => ParetoFront.Of(Comparison, _x!, _y!, Amount);

    protected override void OnParametersSet()
    {
        _x = Choose(Generation, _x, GenerationMetrics);
        _y = Choose(Recognition, _y, RecognitionMetrics);
    }

    private MetricDescription? Choose(string? asked, MetricDescription? current, ImmutableArray<MetricDescription> headlines) =>
        Comparison.Metrics.FirstOrDefault(metric => metric.Id == asked) ?? (headlines.Contains(current!) ? current : headlines.FirstOrDefault());

    private ImmutableArray<MetricDescription> HeadlinesOf(MetricAxis axis) => [.. Comparison.Metrics.Where(metric => metric.Axis == axis && metric.Headline)];

    private string Draw(PictureLook look) => ComparisonPicture.ToSvg(Comparison, _x!.Id, _y!.Id, Amount, look);

    private IEnumerable<(string Arm, ArmSummary X, ArmSummary Y)> Means() =>
        from arm in Comparison.Arms
        let x = Comparison.Find(arm, Amount, _x!.Id)
        let y = Comparison.Find(arm, Amount, _y!.Id)
        where x is not null && y is not null
        select (arm, x, y);

    private string WriteCsv()
    {
        var csv = new CsvTable("arm", "seed", "run", _y!.Id, _x!.Id);
        foreach (var run in Comparison.Runs.Where(run => run.Amount == Amount))
        {
            csv.Text(run.Arm).Number(run.Seed).Text(run.Run).Number(run.Find(_y.Id)).Number(run.Find(_x.Id)).EndRow();
        }

        return csv.ToString();
    }

    private static string Describe(ArmSummary summary)
    {
        var decimals = Format.Decimals([(summary.Mean, summary.Low, summary.High)]);
        return $"{Format.Fixed(summary.Mean, decimals)} ({Intervals.Text(summary.Low, summary.High, decimals)}, N = {Format.Count(summary.N)})";
    }
}
