using System.Globalization;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>Losses of a study by arm: means over seeds with bands, smoothed, with every seed behind them if asked for.</summary>
public sealed partial class ArmLosses : ComponentBase, IDisposable
{
    private static readonly LossFigure[] Figures = [LossFigure.Loss, LossFigure.CrossEntropy];

    private readonly Dictionary<string, SeedCurve> _runs = [];
    private readonly CancellationTokenSource _closed = new();
    private ImmutableArray<Curve> _curves = [];
    private (double Amount, bool PerSeed, int Runs)? _linesOf;
    private (LossFigure Figure, BandKind Band, double Weight, long Points)? _filledWith;
    private readonly CancellationToken _stop;
    private bool _reading;

    public ArmLosses() => _stop = _closed.Token;

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Parameter, EditorRequired]
    public ImmutableArray<RunSummary> Runs { get; set; } = [];

    /// <summary>Arms in the study's order.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<string> Arms { get; set; } = [];

    [Parameter, EditorRequired]
    public double Amount { get; set; }

    [Parameter]
    public LossFigure Figure { get; set; }

    [Parameter]
    public EventCallback<LossFigure> FigureChanged { get; set; }

    [Parameter]
    public BandKind Band { get; set; }

    [Parameter]
    public EventCallback<BandKind> BandChanged { get; set; }

    /// <summary>Weight of the past in smoothing, 0 to 0.99.</summary>
    [Parameter]
    public double Weight { get; set; }

    [Parameter]
    public EventCallback<double> WeightChanged { get; set; }

    [Parameter]
    public bool PerSeed { get; set; }

    [Parameter]
    public EventCallback<bool> PerSeedChanged { get; set; }

    private string? Fault { get; set; }

    private string Note
    {
        get
        {
            var most = Shown.GroupBy(run => run.Arm).Select(arm => arm.Count()).DefaultIfEmpty(0).Max();
            return most < 2
                ? "one seed: no band"
                : $"mean over the seeds that have the step; band: {Bands.Describe(Band)}{(Weight > 0 ? "; every seed smoothed first" : "")}";
        }
    }

    private IEnumerable<RunSummary> Shown => Runs.Where(run => run.Amount == Amount);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        Draw();
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            foreach (var run in Shown.Where(run => LastStepOf(run) < run.Step).ToArray())
            {
                var seed = _runs.TryGetValue(run.Id, out var known) ? known : _runs[run.Id] = new SeedCurve();
                seed.Add(await Artefacts.ReadMetricsAsync(run.Id, seed.LastStep, _stop));
            }

            Fault = null;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or LabException)
        {
            Fault = $"The losses could not be read: {exception.Message}";
        }
        finally
        {
            _reading = false;
        }

        Draw();
    }

    private long LastStepOf(RunSummary run) => _runs.TryGetValue(run.Id, out var seed) ? seed.LastStep : 0;

    private void Draw()
    {
        var runs = Shown.OrderBy(run => run.Seed).ToArray();
        var lines = (Amount, PerSeed, runs.Length);
        if (_linesOf != lines)
        {
            _linesOf = lines;
            _filledWith = null;
            _curves =
            [
                .. PerSeed ? runs.Select(run => new Curve($"{run.Arm}, seed {run.Seed}", run.Arm, ColourOf(run.Arm), thin: true)) : [],
                .. Arms.Select(arm => new Curve(arm, arm, ColourOf(arm), banded: true)),
            ];
        }

        var seeds = runs.Select(run => _runs.GetValueOrDefault(run.Id) ?? new SeedCurve()).ToArray();
        var filling = (Figure, Band, Weight, seeds.Sum(seed => (long)seed.Steps.Count));
        if (_filledWith != filling)
        {
            _filledWith = filling;
            Fill([.. runs.Zip(seeds, (run, seed) => (run.Arm, (IReadOnlyList<double>)seed.Steps, Smoothing.Debiased(seed.ValuesOf(Figure), Weight)))]);
        }
    }

    private void Fill((string Arm, IReadOnlyList<double> Steps, double[] Values)[] smooth)
    {
        for (var i = 0; PerSeed && i < smooth.Length; i++)
        {
            _curves[i].Clear();
            for (var point = 0; point < smooth[i].Values.Length; point++)
            {
                _curves[i].Add(smooth[i].Steps[point], smooth[i].Values[point]);
            }
        }

        foreach (var mean in _curves.Where(curve => curve.Banded))
        {
            SeedMeans.Fill(mean, [.. smooth.Where(seed => seed.Arm == mean.Group).Select(seed => (seed.Steps, seed.Values))], Band);
        }
    }

    private string ColourOf(string arm) => ArmColours.Variable(Arms.IndexOf(arm));

    private static string NameOf(LossFigure figure) => figure == LossFigure.Loss ? "Loss as trained" : "Cross-entropy";

    private Task ChooseWeightAsync(ChangeEventArgs change) =>
        WeightChanged.InvokeAsync(double.Parse((string)change.Value!, NumberStyles.Float, CultureInfo.InvariantCulture));
}
