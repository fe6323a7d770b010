using System.Diagnostics;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>Takes a run's steps one after the other, from the beginning or from a checkpoint that is loaded.</summary>
internal sealed class TrainingSteps(TrainingRequest request, ITrainableModel model)
{
    private readonly BatchReader _batches = new(request);
    private readonly LossHistory _losses = new();
    private readonly long _firstOptimizerStep = request.Start?.OptimizerSteps ?? 0;

    /// <summary>Steps done.</summary>
    internal long Step { get; private set; }

    /// <summary>The loss of the last step; NaN before the first.</summary>
    internal double Loss { get; private set; } = double.NaN;

    /// <summary>SHA-256 chained over the losses of all steps.</summary>
    internal string LossHistoryHash => _losses.Hash;

    /// <summary>Gives the model its first weights.</summary>
    internal void Begin()
    {
        model.Initialise(request.Seed);
        request.Start?.Load(model);
    }

    /// <summary>Goes on from a checkpoint whose tensors the model has.</summary>
    internal void GoOnFrom(CheckpointManifest manifest)
    {
        Step = manifest.Step;
        Loss = manifest.Loss;
        _losses.Restore(manifest.LossHistoryHash);
    }

    /// <exception cref="DivergedException">The loss or the gradients are not finite.</exception>
    internal StepMetrics TakeNext()
    {
        long started = Stopwatch.GetTimestamp();
        long step = Step + 1;
        double learningRate = request.Settings.LearningRateAt(step);
        (TokenBatch batch, double lossBearingShare) = _batches.Read(step);
        BatchLoss loss = model.ComputeGradients(batch, request.Routing);
        EnsureFinite(step, "loss", loss.Total);
        double norm = model.ClipGradients(request.Settings.ClipNorm);
        EnsureFinite(step, "gradients' norm", norm);
        FaultPoints.Reach("step/after-gradients");
        model.Update(request.Settings.AdamW, learningRate, _firstOptimizerStep + step);
        FaultPoints.Reach("step/after-update");
        Step = step;
        Loss = loss.Total;
        _losses.Append(step, Loss);
        return new StepMetrics(
            step,
            Loss,
            Mean(loss.CrossEntropySum, loss.CrossEntropyTokens),
            Mean(loss.UnlikelihoodSum, loss.UnlikelihoodTokens),
            learningRate,
            norm,
            lossBearingShare,
            _batches.Tokens / Stopwatch.GetElapsedTime(started).TotalSeconds,
            step * _batches.Tokens);
    }

    private static double Mean(double sum, long count) => count == 0 ? double.NaN : sum / count;

    private void EnsureFinite(long step, string quantity, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new DivergedException(step, quantity, value, [.. _batches.Sequences]);
        }
    }
}
