using System.Diagnostics;

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

    private sealed class Attempt(TrainingRequest request, ITrainableModel model)
    {
        private readonly IReadOnlyDictionary<string, string> _settings = RunSettings.Of(request);
        private readonly BatchReader _batches = new(request);
        private readonly LossHistory _losses = new();
        private CheckpointManifest? _committed;
        private long _step;
        private double _loss = double.NaN;

        internal TrainingResult Run(CancellationToken stop)
        {
            Resume();
            long resumedFrom = _step;
            while (_step < request.Settings.Steps && !stop.IsCancellationRequested)
            {
                TakeStep();
                if (_step % request.Settings.CheckpointEvery == 0)
                {
                    Commit();
                }
            }

            if (_committed?.Step != _step)
            {
                Commit();
            }

            TrainingEnd end = _step < request.Settings.Steps ? TrainingEnd.Interrupted : TrainingEnd.Completed;
            return new TrainingResult(end, _step, _loss, _committed!.Weights.Sha256, _losses.Hash, resumedFrom);
        }

        private void Resume()
        {
            foreach (string notice in request.Checkpoints.BeginAsync(request.Epoch).GetAwaiter().GetResult())
            {
                request.OnNotice?.Invoke(notice);
            }

            CheckpointLoad load = request.Checkpoints.LoadLatestAsync(model).GetAwaiter().GetResult();
            foreach (string reason in load.Skipped)
            {
                request.OnNotice?.Invoke(reason);
            }

            if (load.Manifest is not { } manifest)
            {
                model.Initialise(request.Seed);
                return;
            }

            RunSettings.EnsureSame(manifest, _settings);
            _committed = manifest;
            _step = manifest.Step;
            _loss = manifest.Loss;
            _losses.Restore(manifest.LossHistoryHash);
            request.OnNotice?.Invoke($"The run goes on from the checkpoint of step {_step}.");
        }

        private void TakeStep()
        {
            long started = Stopwatch.GetTimestamp();
            long step = _step + 1;
            double learningRate = request.Settings.LearningRateAt(step);
            (TokenBatch batch, double lossBearingShare) = _batches.Read(step);
            BatchLoss loss = model.ComputeGradients(batch, request.Routing);
            EnsureFinite(step, "loss", loss.Total);
            double norm = model.ClipGradients(request.Settings.ClipNorm);
            EnsureFinite(step, "gradients' norm", norm);
            model.Update(request.Settings.AdamW, learningRate, step);
            _step = step;
            _loss = loss.Total;
            _losses.Append(step, _loss);
            request.OnStep?.Invoke(new StepMetrics(
                step,
                _loss,
                Mean(loss.CrossEntropySum, loss.CrossEntropyTokens),
                Mean(loss.UnlikelihoodSum, loss.UnlikelihoodTokens),
                learningRate,
                norm,
                lossBearingShare,
                _batches.Tokens / Stopwatch.GetElapsedTime(started).TotalSeconds,
                step * _batches.Tokens));
        }

        /// <summary>Not cancelled by the stop: what is done is kept.</summary>
        private void Commit()
        {
            request.BeforeCheckpoint?.Invoke();
            var info = new CheckpointInfo
            {
                Step = _step,
                SequencesConsumed = _step * request.Settings.BatchSize,
                Seed = request.Seed,
                Settings = _settings,
                Loss = _loss,
                LossHistoryHash = _losses.Hash,
                CreatedBy = $"SlungOrleans, engine {request.Engine.Name}",
            };
            _committed = request.Checkpoints.CommitAsync(model, info, request.Epoch).GetAwaiter().GetResult();
            request.OnCheckpoint?.Invoke(_committed);
        }

        private static double Mean(double sum, long count) => count == 0 ? double.NaN : sum / count;

        private static void EnsureFinite(long step, string quantity, double value)
        {
            if (!double.IsFinite(value))
            {
                throw new DivergedException(step, quantity, value);
            }
        }
    }
}
