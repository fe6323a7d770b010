using Microsoft.Extensions.Options;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Notices that the data folder's disk is full. Then nothing can be recorded any more, not even that something failed.</summary>
internal sealed class FreeSpace(IOptions<LabOptions> options)
{
    private const long LeastBytes = 1 << 20;
    private readonly TaskCompletionSource<string> _exhausted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes, with one sentence for people, once the disk was found full.</summary>
    public Task<string> Exhausted => _exhausted.Task;

    /// <summary>Looks, after something failed. Returns whether this call was the first to find the disk full.</summary>
    public bool IsNewlyExhausted() => new DriveInfo(options.Value.Data).AvailableFreeSpace < LeastBytes && _exhausted.TrySetResult(
        $"There is no room left on the disk of '{options.Value.Data}'. Make room and start again: what was interrupted goes on from its last checkpoint.");
}
