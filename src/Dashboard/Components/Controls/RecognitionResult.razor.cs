using System.Globalization;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>One probe's test: its curves, its mistakes at a threshold, every example. Set, probe and threshold are in the address.</summary>
public sealed partial class RecognitionResult : ComponentBase
{
    private const int PageSize = 20;
    private const string All = "All";
    private const string Missed = "Missed";
    private const string FalseAlarms = "False alarms";
    private static readonly string[] Kinds = [All, Missed, FalseAlarms];

    private ImmutableArray<string> _sets = [];
    private ImmutableArray<int> _resamples = [];
    private ImmutableArray<RecognitionItem> _items = [];
    private ImmutableArray<RecognitionItem> _found = [];
    private ImmutableArray<ThresholdPoint> _points = [];
    private ImmutableArray<ThresholdPoint> _ranked = [];
    private Confusion _counts;
    private (ImmutableArray<RecognitionItem> Items, string Set, int Probe)? _measured;
    private double? _given;
    private string _set = "";
    private int _resample;
    private double _threshold;
    private double _lowest;
    private double _highest;
    private double _auroc;
    private double _precision;
    private double _prevalence;
    private string _kind = All;
    private string _search = "";
    private bool _shown;
    private int _from;

    [Parameter, EditorRequired]
    public ImmutableArray<RecognitionItem> Items { get; set; } = [];

    /// <summary>The documents, by <see cref="ItemText.Key"/>.</summary>
    [Parameter, EditorRequired]
    public required ImmutableDictionary<string, DocumentView> Documents { get; set; }

    /// <summary>The set; the first if none is named.</summary>
    [SupplyParameterFromQuery]
    public string? Set { get; set; }

    /// <summary>The probe, from 0.</summary>
    [SupplyParameterFromQuery]
    public int? Probe { get; set; }

    /// <summary>The threshold of log odds; 0 if none is named.</summary>
    [SupplyParameterFromQuery]
    public double? Threshold { get; set; }

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnParametersSet()
    {
        _sets = [.. Items.Select(item => item.Set).Distinct()];
        _set = Set is not null && _sets.Contains(Set) ? Set : _sets[0];
        _resamples = [.. Items.Where(item => item.Set == _set).Select(item => item.Resample).Distinct().Order()];
        _resample = Probe is { } probe && _resamples.Contains(probe) ? probe : _resamples[0];
        var anew = _measured is not { } before || before.Items != Items || before.Set != _set || before.Probe != _resample;
        if (anew)
        {
            Measure();
            _measured = (Items, _set, _resample);
        }

        // A page that is drawn again does not take the slider out of the reader's hand.
        if (anew || Threshold != _given)
        {
            _given = Threshold;
            Count(Threshold is { } threshold && double.IsFinite(threshold) ? threshold : 0);
        }
    }

    private void Measure()
    {
        _items = [.. Items.Where(item => item.Set == _set && item.Resample == _resample).OrderBy(item => item.HighRisk ? item.Score : -item.Score).ThenBy(item => item.Id, StringComparer.Ordinal)];
        double[] scores = [.. _items.Select(item => item.Score)];
        bool[] labels = [.. _items.Select(item => item.HighRisk)];
        _points = ThresholdCurve.Of(scores, labels);

        // Where nothing is called high-risk there is no precision.
        _ranked = [.. _points.Skip(1)];
        _auroc = Ranking.Auroc(scores, labels);
        _precision = Ranking.AveragePrecision(scores, labels);
        _prevalence = labels.Length == 0 ? 0 : (double)labels.Count(label => label) / labels.Length;
        double[] finite = [.. scores.Where(double.IsFinite)];
        (_lowest, _highest) = finite.Length == 0 ? (-1, 1) : (Math.Min(0, finite.Min()) - 0.01, Math.Max(0, finite.Max()) + 0.01);
    }

    private void Count(double threshold)
    {
        _threshold = Math.Clamp(threshold, _lowest, _highest);
        _counts = Confusion.Count([.. _items.Select(item => item.Score)], [.. _items.Select(item => item.HighRisk)], _threshold);
        Filter();
    }

    private void Slide(ChangeEventArgs change) => Count(double.Parse((string)change.Value!, CultureInfo.InvariantCulture));

    // The address follows once the slider rests.
    private void Slid(ChangeEventArgs change) => Settle(Math.Round(double.Parse((string)change.Value!, CultureInfo.InvariantCulture), 4));

    private void Settle(double threshold)
    {
        Count(threshold);
        Go("threshold", threshold == 0 ? null : threshold);
    }

    private void ChooseSet(ChangeEventArgs change) => Go("set", change.Value);

    private void ChooseProbe(ChangeEventArgs change) => Go("probe", change.Value);

    /// <summary>Midway between the two scores that the best threshold parts.</summary>
    private void Best()
    {
        var best = Enumerable.Range(0, _points.Length).MaxBy(point => _points[point].Counts.F1);
        var between = best == 0 ? _highest : (_points[best].Threshold + _points[best - 1].Threshold) / 2;
        Settle(double.IsFinite(between) ? between : _lowest);
    }

    private void Go(string name, object? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value switch
    {
        double number => Number(number),
        null => null,
        _ => value.ToString(),
    }), replace: true);

    private void ChooseKind(string kind)
    {
        _kind = kind;
        _from = 0;
        Filter();
    }

    private void Find(string? search)
    {
        _search = search ?? "";
        _from = 0;
        Filter();
    }

    private void Filter()
    {
        _found =
        [
            .. _items.Where(item =>
                (_kind == All || (item.HighRisk == (_kind == Missed) && item.Score > _threshold != item.HighRisk))
                && (_search.Length == 0
                    || item.Id.Contains(_search, StringComparison.OrdinalIgnoreCase)
                    || TextOf(item)?.Contains(_search, StringComparison.OrdinalIgnoreCase) == true)),
        ];
        _from = Math.Min(_from, Math.Max(0, (_found.Length - 1) / PageSize * PageSize));
    }

    private string WriteCsv()
    {
        var csv = new CsvTable("set", "probe", "id", "label", "log odds");
        foreach (var item in _items)
        {
            csv.Text(item.Set).Number(item.Resample + 1).Text(item.Id).Text(LabelOf(item)).Number(item.Score).EndRow();
        }

        return csv.ToString();
    }

    private static string LabelOf(RecognitionItem item) => item.HighRisk ? "high-risk" : "benign";

    private string? TextOf(RecognitionItem item) => Documents.GetValueOrDefault(ItemText.Key(item.Set, item.Id))?.Text;

    private string VerdictOn(RecognitionItem item) => (item.HighRisk, item.Score > _threshold) switch
    {
        (true, true) => "found",
        (true, false) => "missed",
        (false, true) => "false alarm",
        _ => "passed",
    };

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
