using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class LaunchPage : ComponentBase
{
    private string _yaml = "";
    private string _sample = "";
    private StudyReading _reading = new(null, []);
    private string? _refusal;
    private bool _launching;

    [Inject]
    public required IStudyLauncher Launcher { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The sample to start from; the first if there is none of that name.</summary>
    [SupplyParameterFromQuery]
    public string? Sample { get; set; }

    private bool CanLaunch => _reading is { Specification: not null, Faults.IsEmpty: true };

    protected override void OnInitialized()
    {
        if ((Launcher.Samples.FirstOrDefault(sample => sample.Name == Sample) ?? Launcher.Samples.FirstOrDefault()) is { } start)
        {
            Use(start);
        }
    }

    private void ChooseSample(ChangeEventArgs change) => Use(Launcher.Samples.First(sample => sample.Name == (string?)change.Value));

    private void Use(SampleStudy sample)
    {
        _sample = sample.Name;
        _yaml = sample.Yaml;
        Check();
    }

    private void Check()
    {
        _refusal = null;
        _reading = Launcher.Read(_yaml);
    }

    private async Task LaunchAsync()
    {
        Check();
        if (!CanLaunch)
        {
            return;
        }

        _launching = true;
        try
        {
            var specification = _reading.Specification!;
            await Actions.DoAsync("launch", "study", specification.Name, () => Launcher.LaunchAsync(specification));
            Navigation.NavigateTo($"studies/{specification.Name}");
        }
        catch (LabException exception)
        {
            _refusal = exception.Message;
        }
        finally
        {
            _launching = false;
        }
    }
}
