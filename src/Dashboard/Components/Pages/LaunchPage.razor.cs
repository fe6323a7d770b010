using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class LaunchPage : ComponentBase, IAsyncDisposable
{
    private const long LargestFile = 256 * 1024;

    private StudyDraft _draft = null!;
    private string _sample = "";
    private string? _clonedFrom;
    private string? _refusal;
    private bool _launching;
    private IJSObjectReference? _script;

    [Inject]
    public required IStudyLauncher Launcher { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required IGrainFactory Grains { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The sample to start from; the first if there is none of that name.</summary>
    [SupplyParameterFromQuery]
    public string? Sample { get; set; }

    /// <summary>The study to start from, under another name.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    private string[] Faults => [.. _draft.Faults];

    private string StateText => _draft.CanLaunch ? "ready" : _draft.Yaml.Length == 0 ? "empty" : Words.Many(Faults.Length, "fault", "faults");

    private string StateTone => _draft.CanLaunch ? "good" : _draft.Yaml.Length == 0 ? "" : "bad";

    private bool HasComments => _draft.Yaml.StartsWith('#') || _draft.Yaml.Contains("\n#", StringComparison.Ordinal) || _draft.Yaml.Contains(" # ", StringComparison.Ordinal);

    protected override async Task OnInitializedAsync()
    {
        _draft = new StudyDraft(Launcher);
        if (string.IsNullOrEmpty(From) && (Launcher.Samples.FirstOrDefault(sample => sample.Name == Sample) ?? Launcher.Samples.FirstOrDefault()) is { } start)
        {
            Use(start);
        }

        _draft.Changed += Redraw;
        try
        {
            var catalog = Grains.GetGrain<ICatalogGrain>(Identifiers.Default);
            _draft.SetCorpora(await catalog.ListCorporaAsync());
            if (!string.IsNullOrEmpty(From))
            {
                await CloneAsync(catalog, From);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The lab could not be asked what it has: {exception.Message}";
        }
    }

    private async Task CloneAsync(ICatalogGrain catalog, string from)
    {
        var study = Identifiers.IsValid(from) ? (await Grains.GetGrain<IStudyGrain>(from).GetAsync()).Specification : null;
        if (study is null)
        {
            _refusal = $"There is no study '{from}' to copy.";
            return;
        }

        var taken = (await catalog.ListStudiesAsync()).Select(known => known.Id).ToHashSet(StringComparer.Ordinal);
        _draft.SetYaml(Launcher.Write(study with { Name = NextName(study.Name, taken) }));
        _clonedFrom = from;
    }

    /// <summary>forum, forum-2, forum-3 …: the first that is free.</summary>
    private static string NextName(string name, HashSet<string> taken)
    {
        const int MostDigits = 4;
        const int LongestName = 40;
        var stem = NumberAtEnd().Replace(name, "");
        stem = stem[..Math.Min(stem.Length, LongestName - 1 - MostDigits)];
        return Enumerable.Range(2, taken.Count + 1).Select(number => $"{stem}-{number}").First(candidate => !taken.Contains(candidate));
    }

    private void ChooseSample(ChangeEventArgs change) => Use(Launcher.Samples.First(sample => sample.Name == (string?)change.Value));

    private void Use(SampleStudy sample)
    {
        _sample = sample.Name;
        _draft.SetYaml(sample.Yaml);
    }

    private async Task ImportAsync(InputFileChangeEventArgs change)
    {
        _refusal = null;
        if (change.File.Size > LargestFile)
        {
            _refusal = $"'{change.File.Name}' has {Format.Bytes(change.File.Size)}; a study's text of at most {Format.Bytes(LargestFile)} is expected.";
            return;
        }

        try
        {
            using var reader = new StreamReader(
                change.File.OpenReadStream(LargestFile), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
            _draft.SetYaml((await reader.ReadToEndAsync()).TrimStart('\ufeff'));
            (_sample, _clonedFrom) = ("", null);
        }
        catch (Exception exception) when (exception is IOException or DecoderFallbackException)
        {
            _refusal = $"'{change.File.Name}' could not be read as text: {exception.Message}";
        }
    }

    private async Task DownloadAsync()
    {
        _script ??= await Script.InvokeAsync<IJSObjectReference>("import", "./_content/SlungOrleans.Dashboard/js/launch.js");
        var name = _draft.Specification.Name;
        await _script.InvokeVoidAsync("download", $"{(Identifiers.IsValid(name) ? name : "study")}.yaml", _draft.Yaml);
    }

    private async Task LaunchAsync()
    {
        _refusal = null;
        if (!_draft.CanLaunch)
        {
            return;
        }

        _launching = true;
        try
        {
            var specification = _draft.Specification;
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

    // Of this very address: the page's base is another.
    private string InPage(string id) => $"{Navigation.Uri.Split('#')[0]}#{id}";

    private void Redraw()
    {
        _refusal = null;
        _ = InvokeAsync(StateHasChanged);
    }

    [GeneratedRegex("-[0-9]{1,4}$")]
    private static partial Regex NumberAtEnd();

    public async ValueTask DisposeAsync()
    {
        _draft.Changed -= Redraw;
        if (_script is not null)
        {
            try
            {
                await _script.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser has gone, and the script with it.
            }
        }
    }
}
