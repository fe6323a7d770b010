using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SlungOrleans.Corpora;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Benchmarks;

/// <summary>The share of a training step that goes into reading its batch: the order of the data, packed tokens and labels, their checks, the routing's counts.</summary>
internal static class DataPath
{
    private const int Sequences = 4096;

    /// <param name="name">XS, S or M.</param>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="steps">Steps to measure.</param>
    internal static async Task RunAsync(string name, int threads, int steps)
    {
        ModelDescription model = EngineSpeed.Description(name);
        var random = new RandomStream(0, "data-path", 0);
        ushort[] ids = [.. Enumerable.Range(0, Sequences * model.MaximumSequenceLength).Select(_ => (ushort)random.NextInt32(model.VocabularySize))];
        byte[] labels = [.. ids.Select(_ => (byte)random.NextInt32(LossRouting.Labels))];
        PackedDataset dataset = await PackedDataset.LoadHeaderlessAsync(
            new MemoryStream(MemoryMarshal.AsBytes<ushort>(ids).ToArray()),
            new MemoryStream(labels),
            new PackedForm(TokenWidth.UInt16, model.MaximumSequenceLength, model.VocabularySize));
        int batch = EngineSpeed.BatchOf(name);
        string folder = Directory.CreateTempSubdirectory("data-path-").FullName;
        try
        {
            var request = new TrainingRequest
            {
                Engine = new ManagedEngine(),
                Model = model,
                Settings = new TrainingSettings { Steps = int.MaxValue, BatchSize = batch },
                Routing = LossRouting.Masked(),
                Data = new Sequenced(dataset),
                Checkpoints = new CheckpointStore(new LocalBlobStore(folder), "run"),
                Epoch = 1,
                Seed = 0,
                Threads = threads,
            };
            using ITrainableModel trained = request.Engine.Create(model, threads);
            trained.Initialise(0);
            var training = new TrainingSteps(request, trained);
            var reader = new BatchReader(request);
            training.TakeNext();
            training.TakeNext();
            reader.Read(1);
            TimeSpan step = Time(steps, _ => training.TakeNext());

            // A whole epoch, and so one reshuffling.
            TimeSpan read = Time(Sequences / batch, number => reader.Read(number + 2));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: a step takes {step.TotalMilliseconds:F2} ms, reading its batch {read.TotalMilliseconds:F3} ms, {100 * read / step:F2} % of it."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TimeSpan Time(int steps, Action<int> work)
    {
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            work(step);
        }

        return Stopwatch.GetElapsedTime(start) / steps;
    }

    private sealed class Sequenced(PackedDataset dataset) : ITokenSequences
    {
        public int Count => dataset.Count;

        public int SequenceLength => dataset.SequenceLength;

        public void Read(int index, Span<int> tokens, Span<byte> labels) => dataset.Read(index, tokens, labels);
    }
}
