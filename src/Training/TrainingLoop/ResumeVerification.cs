using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>Replays the last steps of a run from the checkpoint before its last, committing nothing, and compares.</summary>
public static class ResumeVerification
{
    private static readonly TimeSpan UseTimeOut = TimeSpan.FromHours(1);

    /// <summary>
    /// Verifies a run that does not train at the moment. Works and blocks on the calling thread, as <see cref="TrainingLoop.Run"/> does.
    /// A run that has one checkpoint only is replayed from its initial weights, if that is no further than from one checkpoint to the next.
    /// </summary>
    /// <param name="request">The run. Its epoch is not used; it is told of every replayed step.</param>
    /// <param name="recordedLosses">The losses that the run recorded, by step; steps that are not in it are compared by the chained hash alone.</param>
    /// <param name="stop">Ends the replay.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoints are those of another run.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="SlungOrleans.Storage.BlobStoreException">The blob store failed.</exception>
    public static ResumeCertificate Verify(TrainingRequest request, IReadOnlyDictionary<long, double> recordedLosses, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(recordedLosses);
        IReadOnlyList<CheckpointManifest> manifests = request.Checkpoints.ListAsync(stop).GetAwaiter().GetResult();
        if (manifests.Count == 0)
        {
            return NotVerified(null, "The run has no checkpoint.");
        }

        CheckpointManifest last = manifests[0];
        if (last.CreatedBy is var maker && maker.StartsWith(TrainingLoop.Maker(""), StringComparison.Ordinal) && maker != TrainingLoop.Maker(request.Engine.Name))
        {
            return NotVerified(last, $"The checkpoint of step {last.Step} was made by {maker}; engine {request.Engine.Name} does not compute the same bits.");
        }

        if (!request.Engine.Capabilities.RepeatsBits)
        {
            return NotVerified(last, $"Engine {request.Engine.Name} does not repeat its bits on {request.Engine.Capabilities.Device} with these settings; with deterministic operations it does.");
        }

        RunSettings.EnsureSame(last, RunSettings.Of(request));
        using ITrainableModel model = request.Engine.Create(request.Model, request.Threads);
        var user = new CheckpointUser("resume-verification", UseTimeOut);
        var steps = new TrainingSteps(request, model);
        CheckpointManifest? from = request.Checkpoints.LoadBeforeAsync(model, last.Step, user, stop).GetAwaiter().GetResult().Manifest;
        try
        {
            if (from is not null)
            {
                RunSettings.EnsureSame(from, RunSettings.Of(request));
                steps.GoOnFrom(from);
            }
            else if (last.Step <= request.Settings.CheckpointEvery)
            {
                steps.Begin();
            }
            else
            {
                return NotVerified(last, $"No checkpoint before that of step {last.Step} is kept and whole, so there is nothing to replay from.");
            }

            return Replay(request, recordedLosses, last, model, steps, stop);
        }
        finally
        {
            request.Checkpoints.ReleaseAsync(user, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private static ResumeCertificate Replay(
        TrainingRequest request, IReadOnlyDictionary<long, double> recordedLosses, CheckpointManifest last, ITrainableModel model, TrainingSteps steps, CancellationToken stop)
    {
        long from = steps.Step;
        long? firstDifferent = null;
        while (steps.Step < last.Step)
        {
            stop.ThrowIfCancellationRequested();
            StepMetrics metrics = steps.TakeNext();
            request.OnStep?.Invoke(metrics);
            if (recordedLosses.TryGetValue(metrics.Step, out double recorded) && !recorded.Equals(metrics.Loss))
            {
                firstDifferent ??= metrics.Step;
            }
        }

        string weights = CheckpointFile.OfWeights(model).HashAs(last.Format);
        string moments = CheckpointFile.OfMoments(model).HashAs(last.Format);
        string[] differences =
        [
            .. firstDifferent is { } step ? [string.Create(CultureInfo.InvariantCulture, $"the loss from step {step} on")] : Array.Empty<string>(),
            .. steps.LossHistoryHash == last.LossHistoryHash ? Array.Empty<string>() : ["the chained losses"],
            .. weights == last.Weights.Sha256 ? Array.Empty<string>() : ["the weights"],
            .. moments == last.Moments.Sha256 ? Array.Empty<string>() : ["the optimizer's moments"],
        ];
        string replayed = string.Create(CultureInfo.InvariantCulture, $"Steps {from + 1} to {last.Step} were replayed");
        return new ResumeCertificate(
            differences.Length == 0 ? ResumeVerdict.Identical : ResumeVerdict.Different,
            from,
            last.Step,
            last.Weights.Sha256,
            weights,
            last.LossHistoryHash,
            steps.LossHistoryHash,
            firstDifferent,
            differences.Length == 0 ? $"{replayed} and came to the same bits." : $"{replayed} and differ in {string.Join(", ", differences)}.");
    }

    private static ResumeCertificate NotVerified(CheckpointManifest? last, string message) => new(
        ResumeVerdict.NotVerified, last?.Step ?? 0, last?.Step ?? 0, last?.Weights.Sha256 ?? "", "", last?.LossHistoryHash ?? "", "", null, message);
}
