using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>A page that asks the trained models of a study, one for every arm, of one seed and amount. Which is in the address.</summary>
public abstract class ModelsPage : LivePage
{
    /// <summary>The study.</summary>
    [Parameter]
    public required string Id { get; set; }

    /// <summary>The seed of the runs.</summary>
    [SupplyParameterFromQuery]
    public int? Seed { get; set; }

    /// <summary>The amount of the runs.</summary>
    [SupplyParameterFromQuery]
    public double? Amount { get; set; }

    [Inject]
    public required IModelService Models { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The study as it was read last.</summary>
    protected StudyView Study { get; set; } = new();

    protected ModelChoice Choice => ReplicateChoice.Of(Study.Specification!, Seed, Amount);

    protected Task<StudyView> ReadStudyAsync() => ViewOfAsync<IStudyGrain, StudyView>(Id, grain => grain.GetAsync());

    protected void Choose(ModelChoice choice) => Go(new() { ["seed"] = choice.Seed, ["amount"] = choice.Amount });

    protected void Go(Dictionary<string, object?> query) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query));
}
