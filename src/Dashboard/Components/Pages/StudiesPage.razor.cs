using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class StudiesPage : LivePage
{
    /// <summary>Rows that are drawn unless all are asked for: hundreds, with their verdicts, are over a megabyte.</summary>
    private const int Rows = 50;

    private static readonly ImmutableArray<(StudyColumn Column, string Title, bool Right)> Columns =
    [
        (StudyColumn.Study, "Study", false),
        (StudyColumn.State, "State", false),
        (StudyColumn.Arms, "Arms", false),
        (StudyColumn.Seeds, "Seeds", true),
        (StudyColumn.Runs, "Runs", false),
        (StudyColumn.Verdict, "Verdict", false),
        (StudyColumn.Launched, "Launched", false),
        (StudyColumn.Duration, "Duration", false),
    ];

    private ImmutableArray<StudySummary> _studies = [];
    private string? _quickStartDescription;
    private bool _launching;
    private bool _all;

    [Inject]
    public required IStudyLauncher Launcher { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Words to search for.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>States to list, separated by commas.</summary>
    [SupplyParameterFromQuery]
    public string? State { get; set; }

    /// <summary>The column to sort by; after a minus, the largest first.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    protected override string Subject => "studies";

    private StudyList List => StudyList.Of(Q, State, Sort);

    private SampleStudy? QuickStart => Launcher.Samples.IsEmpty ? null : Launcher.Samples[0];

    protected override void OnInitialized() =>
        _quickStartDescription = QuickStart is { } sample ? Launcher.Read(sample.Yaml).Specification?.Description : null;

    protected override async Task RefreshAsync(CancellationToken cancellation) =>
        _studies = await ViewOfAsync<ICatalogGrain, ImmutableArray<StudySummary>>(Identifiers.Default, grain => grain.ListStudiesAsync());

    private static string TitleOf(StudyColumn column) => Columns.First(one => one.Column == column).Title;

    private void Show(StudyList list, bool replace = false) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(list.ToQuery()), new NavigationOptions { ReplaceHistoryEntry = replace });

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
