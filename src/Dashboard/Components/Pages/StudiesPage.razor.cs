using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class StudiesPage : LivePage
{
    private ImmutableArray<StudySummary> _studies = [];
    private string? _quickStartDescription;
    private bool _launching;

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required IStudyLauncher Launcher { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string Subject => "studies";

    private SampleStudy? QuickStart => Launcher.Samples.IsEmpty ? null : Launcher.Samples[0];

    protected override void OnInitialized() =>
        _quickStartDescription = QuickStart is { } sample ? Launcher.Read(sample.Yaml).Specification?.Description : null;

    protected override async Task RefreshAsync(CancellationToken cancellation) =>
        _studies = await Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync();

    private async Task LaunchAsync(SampleStudy sample)
    {
        _launching = true;
        await ActAsync(async () =>
        {
            var reading = Launcher.Read(sample.Yaml);
            if (reading.Specification is not { } specification || !reading.Faults.IsEmpty)
            {
                throw new LabException($"The sample '{sample.Name}' cannot be launched: {string.Join(' ', reading.Faults)}");
            }

            await Actions.DoAsync("launch", "study", specification.Name, () => Launcher.LaunchAsync(specification));
            Navigation.NavigateTo($"studies/{specification.Name}");
        });
        _launching = false;
    }
}
