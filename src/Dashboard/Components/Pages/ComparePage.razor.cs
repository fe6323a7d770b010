using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Pages;

/// <summary>What a study has found, arm against arm. Everything chosen here is in the address, except that text is shown.</summary>
public sealed partial class ComparePage : LivePage
{
    private const double MostWeight = 0.99;

    private StudyView _study = new();
    private ImmutableArray<string> _arms = [];
    private ComparisonReading? _reading;

    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromQuery]
    public double? Amount { get; set; }

    [SupplyParameterFromQuery]
    public string? Recognition { get; set; }

    [SupplyParameterFromQuery]
    public string? Generation { get; set; }

    /// <summary>The arm that the others are compared with.</summary>
    [SupplyParameterFromQuery]
    public string? Reference { get; set; }

    /// <summary>Which loss is drawn.</summary>
    [SupplyParameterFromQuery]
    public string? Figure { get; set; }

    [SupplyParameterFromQuery]
    public string? Band { get; set; }

    /// <summary>Weight of the past in smoothing.</summary>
    [SupplyParameterFromQuery]
    public double? Smooth { get; set; }

    /// <summary>Whether every seed is drawn.</summary>
    [SupplyParameterFromQuery]
    public bool Seeds { get; set; }

    /// <summary>The recognition set of the comments.</summary>
    [SupplyParameterFromQuery]
    public string? Set { get; set; }

    [SupplyParameterFromQuery]
    public string? Left { get; set; }

    [SupplyParameterFromQuery]
    public string? Right { get; set; }

    [SupplyParameterFromQuery]
    public string? Prompt { get; set; }

    [SupplyParameterFromQuery]
    public int? Seed { get; set; }

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IJSRuntime JavaScript { get; init; }

    protected override string Subject => Id;

    private Comparison? Comparison => _reading?.Comparison;

    private StudySpecification Specification => _study.Specification!;

    private double ChosenAmount => Amount is { } asked && Specification.Amounts.Contains(asked) ? asked : Specification.Amounts[^1];

    private MetricDescription? ChosenRecognition => MetricOf(MetricAxis.Recognition, Recognition);

    private MetricDescription? ChosenGeneration => MetricOf(MetricAxis.Generation, Generation);

    private string? ChosenReference => Comparison!.References() is var references && references.Contains(Reference ?? "") ? Reference : references.FirstOrDefault();

    private LossFigure ChosenFigure => Chosen<LossFigure>(Figure);

    private BandKind ChosenBand => Chosen<BandKind>(Band);

    private double ChosenWeight => Smooth is >= 0 and <= MostWeight ? Smooth.Value : 0;

    private string? ChosenSet => Specification.Evaluation.Recognition.Contains(Set ?? "") ? Set : Specification.Evaluation.Recognition.FirstOrDefault();

    private string ChosenLeft => ArmOf(Left, "masked", _arms[^1]);

    private string ChosenRight => ArmOf(Right, "low-risk", _arms[0]);

    private int ChosenSeed => Seed is { } asked && Specification.Seeds.Contains(asked) ? asked : Specification.Seeds[0];

    protected override void Reset()
    {
        _study = new StudyView();
        _reading = null;
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!Identifiers.IsValid(Id))
        {
            return;
        }

        _study = await ViewOfAsync<IStudyGrain, StudyView>(Id, grain => grain.GetAsync());
        _arms = _study.Specification is { } specification ? [.. specification.Arms.Select(arm => arm.Name)] : [];
        if (_study.Stage == StudyStage.Completed)
        {
            _reading ??= ComparisonReading.Of(await Artefacts.ReadTextAsync(ArtefactNames.Comparison(Id), cancellation));
        }
    }

    // Headline metrics come first in a comparison.
    private IEnumerable<MetricDescription> MetricsOf(MetricAxis axis) => Comparison!.Metrics.Where(metric => metric.Axis == axis);

    private MetricDescription? MetricOf(MetricAxis axis, string? asked) => MetricsOf(axis).FirstOrDefault(metric => metric.Id == asked) ?? MetricsOf(axis).FirstOrDefault();

    private string ArmOf(string? asked, string usual, string other) => _arms.Contains(asked ?? "") ? asked! : _arms.Contains(usual) ? usual : other;

    private static T Chosen<T>(string? asked)
        where T : struct, Enum => Enum.TryParse<T>(asked, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;

    private async Task PutAsync(string name, object? value)
    {
        var text = value switch
        {
            null or false => null,
            Enum or true => value.ToString()!.ToLowerInvariant(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        await using (var module = await JavaScript.InvokeAsync<IJSObjectReference>("import", Closed, "./_content/SlungOrleans.Dashboard/js/keep-place.js"))
        {
            await module.InvokeVoidAsync("keepPlace", Closed);
        }

        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, text), replace: true);
    }
}
