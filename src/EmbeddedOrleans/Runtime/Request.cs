namespace Orleans.Runtime;

// Something an activation is to run in its turns.
internal abstract class Request
{
    // May start beside other requests that are ReadOnly.
    public bool ReadOnly { get; init; }

    // May start beside anything.
    public bool AlwaysInterleave { get; init; }

    // Counts as use of the activation.
    public bool KeepAlive { get; init; } = true;

    // Means this activation and no later one of the same grain.
    public virtual bool BelongsToActivation => false;

    // Called in a turn of the activation. The task never fails.
    public abstract Task RunAsync(Activation activation);

    public abstract void Reject(Exception exception);
}
