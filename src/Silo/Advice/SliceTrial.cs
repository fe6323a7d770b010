using System.Diagnostics;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Advice;

/// <summary>
/// The speed of a model that is too large to be tried out whole: one and two of its layers are trained on short sequences; every further layer
/// takes as long as the second, and longer sequences as much longer as they take more arithmetic.
/// </summary>
internal sealed class SliceTrial(Engines engines, TrainingMemory memory, IOptions<LabOptions> options)
{
    public const string Source = "a trial of one and two of its layers";

    private const int Length = 256;
    private const double MostOperations = 5e12;
    private const float Weight = 0.02f;

    /// <summary>Tokens per second of a run of the study.</summary>
    /// <exception cref="LabException">Two layers do not fit this machine's memory, or would take minutes.</exception>
    public double Measure(StudySpecification study, CancellationToken cancellation)
    {
        var vocabulary = TrainingMapping.VocabularyOf(study);
        var slice = study.Model with { SequenceLength = Math.Min(Length, study.Model.SequenceLength) };
        var two = slice with { Layers = Math.Min(2, slice.Layers) };
        var engine = engines.FirstFor(study.Training);
        if (!memory.Fits(engine, memory.Of(engine, two, study.Training with { BatchSize = options.Value.ThreadsPerDevice }, 0, vocabulary))
            || ModelSize.OperationsPerToken(two, vocabulary) * slice.SequenceLength > MostOperations)
        {
            throw new LabException("Two layers of this model do not fit this machine's memory, or one step of them would take minutes: its speed cannot be tried out here.");
        }

        var (tokenOfOne, updateOfOne) = Try(study, slice with { Layers = 1 }, vocabulary, cancellation);
        var (tokenOfTwo, updateOfTwo) = slice.Layers == 1 ? (tokenOfOne, updateOfOne) : Try(study, two, vocabulary, cancellation);
        var longer = ModelSize.OperationsPerToken(study.Model, vocabulary) / ModelSize.OperationsPerToken(slice, vocabulary);
        var perToken = longer * (tokenOfOne + ((slice.Layers - 1) * Math.Max(0, tokenOfTwo - tokenOfOne)));
        var perUpdate = updateOfOne + ((slice.Layers - 1) * Math.Max(0, updateOfTwo - updateOfOne));
        var tokens = (double)study.Training.BatchSize * study.Model.SequenceLength;
        return tokens / ((tokens * perToken) + perUpdate);
    }

    /// <summary>Seconds per token of gradients, and seconds per update of the weights, with what it costs the next gradients.</summary>
    private (double Token, double Update) Try(StudySpecification study, ModelSpecification specification, int vocabulary, CancellationToken cancellation)
    {
        var threads = options.Value.ThreadsPerDevice;
        var settings = TrainingMapping.ToSettings(study.Training);
        var routing = TrainingMapping.ToRouting(new ArmSpecification());
        using var model = engines.FirstFor(study.Training).Create(TrainingMapping.ToModel(specification, vocabulary), threads);
        Fill(model);
        var random = new Random(0);
        int[] tokens = [.. Enumerable.Range(0, threads * specification.SequenceLength).Select(_ => random.Next(vocabulary))];
        var labels = new byte[tokens.Length];
        labels.AsSpan().Fill(1);
        var batch = new TokenBatch(threads, specification.SequenceLength, tokens, labels);

        // What is done once, then gradients alone, then an update and gradients.
        model.ComputeGradients(batch, routing);
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        model.ComputeGradients(batch, routing);
        var gradients = Stopwatch.GetElapsedTime(started).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        model.ClipGradients(settings.ClipNorm);
        model.Update(settings.AdamW, settings.LearningRate, 1);
        started = Stopwatch.GetTimestamp();
        model.ClipGradients(settings.ClipNorm);
        model.Update(settings.AdamW, settings.LearningRate, 2);
        model.ComputeGradients(batch, routing);
        var both = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (gradients / tokens.Length, Math.Max(0, both - gradients));
    }

    /// <summary>Some weights, quicker than the seed's: time does not depend on which.</summary>
    private static void Fill(ITrainableModel model)
    {
        var values = new float[model.Parameters.Max(parameter => parameter.Length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Weight * (((i * 7919L) % 101) - 50) / 50;
        }

        foreach (var parameter in model.Parameters)
        {
            model.Write(parameter.Name, TensorKind.Weight, values.AsSpan(0, (int)parameter.Length));
        }
    }
}
