using SlungOrleans.Contracts;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>Trains a run from its last valid checkpoint to its end.</summary>
internal sealed partial class TrainWork(Datasets datasets, Engines engines, IBlobStore store, IGrainFactory grains, RunVerifier verifier, TrainingMemory memory, ILogger<TrainWork> logger) : IWork
{
    public WorkKind Kind => WorkKind.Train;

    public WorkOutcome Run(WorkContext context)
    {
        var specification = grains.GetGrain<ITrainingRunGrain>(context.Key).GetAsync().GetAwaiter().GetResult().Specification
            ?? throw new LabException($"Run '{context.Key}' has no specification.");
        context.Report("loading data", 0, specification.Training.Steps);
        var data = datasets.Load(specification.Dataset);
        var engine = engines.For(context.Device, TrainingMapping.ToPrecision(specification.Training));
        memory.EnsureFits(engine, specification, data.Count, data.VocabularySize);
        var metrics = new MetricWriter(store, context.Key, context.Epoch);
        var last = ImmutableDictionary<string, double>.Empty;
        var speed = new SpeedMeter();
        var tokensPerStep = (long)specification.Training.BatchSize * data.SequenceLength;
        var result = TrainingLoop.Run(
            new TrainingRequest
            {
                Engine = engine,
                Model = TrainingMapping.ToModel(specification.Model, data.VocabularySize),
                Settings = TrainingMapping.ToSettings(specification.Training),
                Routing = TrainingMapping.ToRouting(specification.Arm),
                Data = data,
                Checkpoints = new CheckpointStore(store, ArtefactNames.Checkpoints(context.Key), TrainingMapping.ToRetention(specification.Training.Retention)),
                Epoch = context.Epoch,
                DataName = specification.Dataset,
                Seed = (ulong)specification.Seed,
                Start = ModelFolders.ToStart(specification.Model),
                Threads = context.Threads,
                OnStep = step =>
                {
                    metrics.Add(new MetricPoint(
                        step.Step, step.Loss, step.CrossEntropyMean, step.UnlikelihoodMean, step.LearningRate, step.GradientNorm, step.LossBearingShare, step.TokensPerSecond, context.Epoch));
                    last = last.SetItem("loss", step.Loss).SetItem("tokens-per-second", speed.Add(tokensPerStep));
                    context.Report("training", step.Step, specification.Training.Steps, last);
                },

                OnResume = step => context.GoOnFrom(step, Math.Max(0, MetricSegments.LastStepOf(store, context.Key, context.Epoch - 1) - step)),
                OnCheckpoint = checkpoint => context.Commit(checkpoint.Step),

                // Before the commit, so that no committed step lacks its metrics.
                BeforeCheckpoint = metrics.Flush,
                OnNotice = notice => LogNotice(logger, context.Key, notice),
            },
            context.Stop);
        metrics.Flush();
        if (result.End == TrainingEnd.Completed && specification.Training.VerifyAtEnd)
        {
            context.Report("verifying", result.Step, specification.Training.Steps);
            verifier.VerifyAtEnd(context.Key, specification, context.Device, context.Threads, context.Stop);
        }

        return new WorkOutcome
        {
            State = result.End == TrainingEnd.Completed ? WorkState.Completed : WorkState.Queued,
            Artefact = result.WeightsHash,
            Message = result.End == TrainingEnd.Completed ? "" : $"Interrupted after step {result.Step}; the checkpoint is kept.",
            Numbers = last.SetItem("loss", result.FinalLoss),
        };
    }

    [LoggerMessage(LogLevel.Warning, "Run {Run}: {Notice}")]
    private static partial void LogNotice(ILogger logger, string run, string notice);
}
