using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Pages;

/// <summary>Takes in a study that another lab has exported.</summary>
public sealed partial class ImportPage : ComponentBase, IDisposable
{
    private const long LargestFile = 2L << 30;

    private readonly CancellationTokenSource _closed = new();
    private string? _file;
    private string? _refusal;

    [Inject]
    public required IStudyArchives Archives { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private async Task ImportAsync(InputFileChangeEventArgs change)
    {
        _file = change.File.Name;
        _refusal = null;
        StateHasChanged();
        try
        {
            if (change.File.Size > LargestFile)
            {
                throw new LabException($"It has {change.File.Size} bytes; at most {LargestFile} are taken from a browser. `study import` takes larger ones.");
            }

            await Actions.DoAsync("import", "archive", _file, async () =>
            {
                await using var content = change.File.OpenReadStream(LargestFile, _closed.Token);
                Navigation.NavigateTo($"studies/{await Archives.ImportAsync(content, _file, _closed.Token)}");
            });
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (Exception exception) when (exception is LabException or IOException)
        {
            _refusal = $"{_file}: {exception.Message}";
        }

        _file = null;
    }
}
