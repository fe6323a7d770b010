using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Advice;

/// <summary>How fast this lab trains: from the runs of its latest studies, and from trials.</summary>
internal sealed class TrainingSpeeds(IGrainFactory grains, Engines engines, SliceTrial slices, TrainingMemory memory, IOptions<LabOptions> options, TimeProvider time)
{
    private const int StudiesLookedAt = 20;
    private const double MostScaling = 30;
    private const string Trial = "a trial of two seconds";
    private const double TrialOperations = 2e10;
    private const double LargestSequence = 1e11;

    // A GPU does so much more, and shows its speed only when it has so much to do.
    private const double GpuScale = 1e4;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(ModelSpecification Model, int Vocabulary, string Device), Measured> _trials = new();
    private readonly SemaphoreSlim _oneTrialAtATime = new(1, 1);
    private (DateTimeOffset Read, ImmutableArray<Measured> Runs) _known = (DateTimeOffset.MinValue, []);

    /// <summary>The speed of the model that needs the most similar arithmetic, on the kind of device that the study names; null if there is none within a factor of 30.</summary>
    public async Task<TrainingSpeed?> FindAsync(StudySpecification study)
    {
        var operations = ModelSize.OperationsPerToken(study.Model, TrainingMapping.VocabularyOf(study));
        var kind = study.Training.Device is { } device ? DeviceName.KindOf(device) : null;
        var known = _trials.Values.Concat(await RunsAsync()).Where(measured => kind is null || measured.DeviceKind == kind);
        var closest = known.MinBy(measured => Math.Abs(Math.Log(operations / measured.Operations)));
        if (closest is null)
        {
            return null;
        }

        var scale = operations / closest.Operations;
        return scale is > 1 / MostScaling and < MostScaling ? new TrainingSpeed(closest.TokensPerSecond / scale, closest.Source, scale) : null;
    }

    /// <summary>Trains the study's model on random tokens for two seconds, or for two steps if they take longer; of a large model only slices.</summary>
    /// <exception cref="LabException">Even slices of the model do not fit this machine's memory, or would take minutes.</exception>
    public async Task<TrainingSpeed> TryAsync(StudySpecification study, CancellationToken cancellation)
    {
        var operations = ModelSize.OperationsPerToken(study.Model, TrainingMapping.VocabularyOf(study));
        var perSequence = operations * study.Model.SequenceLength;
        await _oneTrialAtATime.WaitAsync(cancellation);
        try
        {
            var engine = engines.FirstFor(study.Training);
            var scale = engine is IDeviceMemory { HasOwnMemory: true } ? GpuScale : 1;
            var sequences = (int)Math.Clamp(scale * TrialOperations / perSequence, 1, study.Training.BatchSize);
            var vocabulary = TrainingMapping.VocabularyOf(study);
            var kind = DeviceName.KindOf(engine.Capabilities.Device);
            if (perSequence > scale * LargestSequence
                || !memory.Fits(engine, memory.Of(engine, study.Model, study.Training with { BatchSize = sequences }, 0, vocabulary)))
            {
                var ofSlices = await Task.Run(() => slices.Measure(study, cancellation), cancellation);
                _trials[(study.Model, vocabulary, kind)] = new Measured(operations, ofSlices, SliceTrial.Source, kind);
                return new TrainingSpeed(ofSlices, SliceTrial.Source, 1);
            }

            var tokensPerSecond = await Task.Run(() => Measure(study, sequences, cancellation), cancellation);
            _trials[(study.Model, vocabulary, kind)] = new Measured(operations, tokensPerSecond, Trial, kind);
            return new TrainingSpeed(tokensPerSecond, Trial, 1);
        }
        finally
        {
            _oneTrialAtATime.Release();
        }
    }

    private double Measure(StudySpecification study, int sequences, CancellationToken cancellation)
    {
        var settings = TrainingMapping.ToSettings(study.Training);
        using var model = engines.FirstFor(study.Training).Create(TrainingMapping.ToModel(study.Model, TrainingMapping.VocabularyOf(study)), options.Value.ThreadsPerDevice);
        model.Initialise(0);
        var random = new Random(0);
        var tokens = new int[sequences * study.Model.SequenceLength];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = random.Next(TrainingMapping.VocabularyOf(study));
        }

        var labels = new byte[tokens.Length];
        labels.AsSpan().Fill(1);
        var batch = new TokenBatch(sequences, study.Model.SequenceLength, tokens, labels);
        var routing = TrainingMapping.ToRouting(new ArmSpecification());

        // The first step pays for what is done once.
        Step(1);
        var since = Stopwatch.StartNew();
        var steps = 0;
        while (steps == 0 || since.Elapsed < TrialTime)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(++steps + 1);
        }

        return (double)steps * tokens.Length / since.Elapsed.TotalSeconds;

        void Step(long step)
        {
            model.ComputeGradients(batch, routing);
            model.ClipGradients(settings.ClipNorm);
            model.Update(settings.AdamW, settings.LearningRate, step);
        }
    }

    private async Task<ImmutableArray<Measured>> RunsAsync()
    {
        if (time.GetUtcNow() - _known.Read < Remembered)
        {
            return _known.Runs;
        }

        var found = ImmutableArray.CreateBuilder<Measured>();
        var studies = await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync();
        foreach (var summary in studies.Where(study => study.Stage >= StudyStage.Running).Take(StudiesLookedAt))
        {
            var study = await grains.GetGrain<IStudyGrain>(summary.Id).GetAsync();
            if (study.Specification is not { } specification)
            {
                continue;
            }

            // Of a run that changed from one kind to another nobody knows which its speed is of.
            foreach (var runs in study.Runs.Where(run => run is { TokensPerSecond: > 0, DeviceKinds.Length: 1 }).GroupBy(run => run.DeviceKinds[0]))
            {
                double[] speeds = [.. runs.Select(run => run.TokensPerSecond).Order()];
                found.Add(new Measured(
                    ModelSize.OperationsPerToken(specification.Model, TrainingMapping.VocabularyOf(specification)),
                    speeds[speeds.Length / 2],
                    $"the median of {speeds.Length} {(speeds.Length == 1 ? "run" : "runs")} of {summary.Id}",
                    runs.Key));
            }
        }

        _known = (time.GetUtcNow(), found.ToImmutable());
        return _known.Runs;
    }

    private sealed record Measured(double Operations, double TokensPerSecond, string Source, string DeviceKind);
}
