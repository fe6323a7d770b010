namespace SlungOrleans.Training;

/// <summary>Trains a run from its last checkpoint, or from the beginning, to its end. Where it was interrupted does not change a bit of what it comes to.</summary>
public static class TrainingLoop
{
    /// <summary>
    /// Trains on the calling thread until all steps are done or it is asked to stop. The calling thread should be the attempt's own: it also
    /// waits, blocking, for the blob store, so it must not be a pool thread that the store's answers need, nor have a synchronisation
    /// context. Whatever ends the attempt, the next one goes on from the last committed checkpoint.
    /// </summary>
    /// <param name="request">The run.</param>
    /// <param name="stop">Asks to stop: the step that is being done is finished, a checkpoint committed, and the call returns.</param>
    /// <exception cref="ArgumentException">The settings, model or data cannot be used; the message names every fault.</exception>
    /// <exception cref="DivergedException">The loss or the gradients are not finite.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoints are those of another run.</exception>
    /// <exception cref="EpochSupersededException">A newer attempt has begun.</exception>
    /// <exception cref="InvalidDataException">A token or label is out of its range.</exception>
    /// <exception cref="SlungOrleans.Storage.BlobStoreException">The blob store failed.</exception>
    public static TrainingResult Run(TrainingRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Settings.Validate();
        if (request.Data.Count < 1 || request.Data.SequenceLength < 2 || request.Data.SequenceLength > request.Model.MaximumSequenceLength)
        {
            throw new ArgumentException(
                $"The training data has {request.Data.Count} sequences of {request.Data.SequenceLength} tokens; expected at least one, of 2 to {request.Model.MaximumSequenceLength} tokens.");
        }

        using ITrainableModel model = request.Engine.Create(request.Model, request.Threads);
        return new Attempt(request, model).Run(stop);
    }

    /// <summary>What a checkpoint says of the engine that made it.</summary>
    internal static string Maker(string engine) => $"SlungOrleans, engine {engine}";

    private sealed class Attempt(TrainingRequest request, ITrainableModel model)
    {
        private static readonly TimeSpan UseTimeOut = TimeSpan.FromHours(1);

        private readonly IReadOnlyDictionary<string, string> _settings = RunSettings.Of(request);
        private readonly TrainingSteps _steps = new(request, model);
        private readonly CheckpointUser _user = new($"attempt-{request.Epoch}", UseTimeOut, request.Epoch);
        private CheckpointManifest? _committed;

        internal TrainingResult Run(CancellationToken stop)
        {
            Resume();
            long resumedFrom = _steps.Step;
            request.OnResume?.Invoke(resumedFrom);
            while (_steps.Step < request.Settings.Steps && !stop.IsCancellationRequested)
            {
                StepMetrics metrics = _steps.TakeNext();
                request.OnStep?.Invoke(metrics);
                if (_steps.Step % request.Settings.CheckpointEvery == 0)
                {
                    Commit();
                }
            }

            if (_committed?.Step != _steps.Step)
            {
                Commit();
            }
            else if (resumedFrom == _steps.Step)
            {
                // A commit would have done it.
                request.Checkpoints.ReleaseAsync(_user).GetAwaiter().GetResult();
            }

            TrainingEnd end = _steps.Step < request.Settings.Steps ? TrainingEnd.Interrupted : TrainingEnd.Completed;
            return new TrainingResult(end, _steps.Step, _steps.Loss, _committed!.Weights.Sha256, _steps.LossHistoryHash, resumedFrom);
        }

        private void Resume()
        {
            foreach (string notice in request.Checkpoints.BeginAsync(request.Epoch).GetAwaiter().GetResult())
            {
                request.OnNotice?.Invoke(notice);
            }

            CheckpointLoad load = request.Checkpoints.LoadLatestAsync(model, _user).GetAwaiter().GetResult();
            foreach (string reason in load.Skipped)
            {
                request.OnNotice?.Invoke(reason);
            }

            if (load.Manifest is not { } manifest)
            {
                _steps.Begin();
                return;
            }

            RunSettings.EnsureSame(manifest, _settings);
            _committed = manifest;
            _steps.GoOnFrom(manifest);
            request.OnNotice?.Invoke($"The run goes on from the checkpoint of step {manifest.Step}.");
        }

        /// <summary>Not cancelled by the stop: what is done is kept.</summary>
        private void Commit()
        {
            request.BeforeCheckpoint?.Invoke();
            var info = new CheckpointInfo
            {
                Step = _steps.Step,
                SequencesConsumed = _steps.Step * request.Settings.BatchSize,
                Seed = request.Seed,
                Settings = _settings,
                Loss = _steps.Loss,
                LossHistoryHash = _steps.LossHistoryHash,
                CreatedBy = Maker(request.Engine.Name),
            };
            _committed = request.Checkpoints.CommitAsync(model, info, request.Epoch).GetAwaiter().GetResult();
            request.OnCheckpoint?.Invoke(_committed);
        }
    }
}
