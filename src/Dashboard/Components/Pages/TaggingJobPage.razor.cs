using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class TaggingJobPage : LivePage
{
    private static readonly ImmutableArray<(string Name, string Title)> Figures = [("documents", "Documents"), ("spans", "Spans")];
    private static readonly DataSpecification Usual = new();

    private TaggingView _job = new();

    [Parameter]
    public required string Id { get; set; }

    /// <summary>The benign threshold that is looked at; none for the default.</summary>
    [SupplyParameterFromQuery]
    public double? Benign { get; set; }

    /// <summary>The high-risk threshold that is looked at; none for the default.</summary>
    [SupplyParameterFromQuery(Name = "high-risk")]
    public double? HighRisk { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string Subject => Id;

    private TaggingRequest Request => _job.Request!;

    private double? Speed => TaggingWords.SpeedOf(_job.Work, Now);

    // An address can be written by hand.
    private double BenignThreshold => Benign is >= 0 and < 1 ? Benign.Value : Usual.BenignThreshold;

    private double HighRiskThreshold => Math.Max(BenignThreshold, HighRisk is >= 0 and < 1 ? HighRisk.Value : Usual.HighRiskThreshold);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (Identifiers.IsValid(Id))
        {
            _job = await ViewOfAsync<ITaggingJobGrain, TaggingView>(Id, grain => grain.GetAsync());
        }
    }

    private void SetThresholds((double Benign, double HighRisk) thresholds) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["benign"] = thresholds.Benign == Usual.BenignThreshold ? null : thresholds.Benign,
            ["high-risk"] = thresholds.HighRisk == Usual.HighRiskThreshold ? null : thresholds.HighRisk,
        }),
        new NavigationOptions { ReplaceHistoryEntry = true });
}
