namespace SlungOrleans.Contracts;

/// <summary>A grain whose long work a hosted worker does.</summary>
[Alias("work")]
public interface IWorkGrain : IGrainWithStringKey
{
    /// <summary>A worker with a lease asks to start. Null: the work is no longer wanted. Any attempt before this one is lost.</summary>
    /// <param name="lease">The device that the pool has lent.</param>
    [Alias("start")]
    Task<WorkAssignment?> StartAsync(DeviceLease lease);

    /// <summary>A sign of life, at least every few seconds, with the progress.</summary>
    /// <param name="epoch">The attempt's epoch.</param>
    /// <param name="progress">How far it is.</param>
    [Alias("report")]
    Task<WorkDirective> ReportAsync(long epoch, WorkProgress progress);

    /// <summary>The attempt has ended. An outcome of an older epoch than the newest is ignored.</summary>
    /// <param name="epoch">The attempt's epoch.</param>
    /// <param name="outcome">How it ended.</param>
    [Alias("finish")]
    Task FinishAsync(long epoch, WorkOutcome outcome);

    /// <summary>The pool has lost the worker that had this work; it is back in the queue.</summary>
    /// <param name="worker">The worker that is gone.</param>
    [Alias("worker-lost")]
    Task WorkerLostAsync(string worker);
}
