using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>Keeps the checkpoint that a piece of work reads from being deleted until the work has ended; should the silo die, until the use times out.</summary>
internal sealed class CheckpointHold(CheckpointStore checkpoints, string owner) : IDisposable
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(10);

    private readonly CheckpointUser _user = new(owner, TimeOut);
    private long _renewed = Environment.TickCount64;

    /// <summary>Loads the weights of the last checkpoint that is whole; null if none is.</summary>
    public CheckpointManifest? LoadWeights(ITrainableModel model) => checkpoints.LoadWeightsAsync(model, _user).GetAwaiter().GetResult().Manifest;

    /// <summary>Loads weights and moments of the last checkpoint that is whole; null if none is.</summary>
    public CheckpointManifest? LoadWithMoments(ITrainableModel model) => checkpoints.LoadLatestAsync(model, _user).GetAwaiter().GetResult().Manifest;

    /// <summary>To be called now and then while the work goes on.</summary>
    public void Renew()
    {
        if (Environment.TickCount64 - _renewed > TimeOut.TotalMilliseconds / 4)
        {
            checkpoints.RenewAsync(_user).GetAwaiter().GetResult();
            _renewed = Environment.TickCount64;
        }
    }

    public void Dispose() => checkpoints.ReleaseAsync(_user).GetAwaiter().GetResult();
}
