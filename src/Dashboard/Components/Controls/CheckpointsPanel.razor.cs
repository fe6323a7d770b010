using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>A run's checkpoints: why each is kept, whether it is whole; pins and deletes them. What is to be deleted is listed first.</summary>
public sealed partial class CheckpointsPanel : ComponentBase, IDisposable
{
    private readonly HashSet<(long Step, long Epoch)> _chosen = [];
    private readonly Dictionary<(long Step, long Epoch), string?> _damage = [];
    private readonly CancellationTokenSource _closed = new();
    private (long Step, long Epoch)? _busy;
    private string? _fault;

    [Inject]
    public required IRunCheckpoints Checkpoints { get; init; }

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required ILogger<CheckpointsPanel> Log { get; init; }

    [Parameter, EditorRequired]
    public required string Run { get; set; }

    /// <summary>The checkpoints; null while there is no run.</summary>
    [Parameter, EditorRequired]
    public RunCheckpointPlan? Plan { get; set; }

    /// <summary>Their manifests in brief; a damaged one is missing.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<CheckpointView> Manifests { get; set; } = [];

    /// <summary>The step of the first checkpoint.</summary>
    [Parameter, EditorRequired]
    public long First { get; set; }

    /// <summary>Something was pinned, unpinned or deleted.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnParametersSet() => _chosen.IntersectWith((Plan?.Checkpoints ?? []).Where(checkpoint => checkpoint.Locked is null).Select(NameOf));

    private static (long Step, long Epoch) NameOf(RunCheckpoint checkpoint) => (checkpoint.Step, checkpoint.Epoch);

    private CheckpointView? ManifestOf(RunCheckpoint checkpoint) => Manifests.FirstOrDefault(manifest => manifest.Step == checkpoint.Step && manifest.Epoch == checkpoint.Epoch);

    private void Choose((long Step, long Epoch) name, bool chosen)
    {
        if (chosen)
        {
            _chosen.Add(name);
        }
        else
        {
            _chosen.Remove(name);
        }
    }

    private void Choose(IEnumerable<RunCheckpoint> checkpoints)
    {
        _chosen.Clear();
        _chosen.UnionWith(checkpoints.Where(checkpoint => checkpoint.Locked is null).Select(NameOf));
    }

    private Task VerifyAsync(RunCheckpoint checkpoint) => ActAsync(NameOf(checkpoint), async () =>
        _damage[NameOf(checkpoint)] = await Checkpoints.VerifyAsync(Run, checkpoint.Step, _closed.Token));

    private async Task PinAsync(RunCheckpoint checkpoint)
    {
        await ActAsync(NameOf(checkpoint), () =>
            Actions.DoAsync(checkpoint.Pinned ? "unpin" : "pin", "checkpoint", $"{Run}: {checkpoint.Step}", () => Checkpoints.PinAsync(Run, checkpoint.Step, !checkpoint.Pinned)));
        await OnChanged.InvokeAsync();
    }

    private async Task DeleteAsync()
    {
        RunCheckpoint[] chosen = [.. Plan!.Checkpoints.Where(checkpoint => _chosen.Contains(NameOf(checkpoint)))];
        var title = $"Delete {Words.Many(chosen.Length, "checkpoint", "checkpoints")}?";
        var parameters = new Dictionary<string, object?> { [nameof(CheckpointDeletion.Checkpoints)] = chosen };
        if (await Dialogs.OpenAsync<CheckpointDeletion>(title, parameters, new DialogOptions { CloseDialogOnEsc = true }) is true)
        {
            await ActAsync(NameOf(chosen[0]), () =>
                Actions.DoAsync("delete", "checkpoints", $"{Run}: {string.Join(", ", chosen.Select(checkpoint => checkpoint.Step).Order())}", () => Checkpoints.DeleteAsync(Run, chosen)));
            await OnChanged.InvokeAsync();
        }
    }

    private async Task ActAsync((long Step, long Epoch) name, Func<Task> action)
    {
        _busy = name;
        _fault = null;
        try
        {
            await action();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (Exception exception)
        {
            Log.LogWarning(exception, "A checkpoint of run {Run} could not be read or changed.", Run);
            _fault = exception.Message;
        }
        finally
        {
            _busy = null;
        }
    }
}
