using System.Diagnostics;
using System.Globalization;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Benchmarks;

/// <summary>A checkpoint of about 500 MB (model M with its moments) into a folder store, hashing and verification included, beside a copy of a file of that length, in turn.</summary>
internal static class CheckpointThroughput
{
    /// <param name="folder">An empty folder on the disk to measure; ours is deleted again.</param>
    /// <param name="rounds">Rounds.</param>
    internal static async Task MeasureAsync(string folder, int rounds)
    {
        using ITrainableModel model = new ManagedEngine().Create(EngineSpeed.Description("M"), 2);
        model.Initialise(0);
        string here = Directory.CreateDirectory(Path.Combine(folder, $"checkpoints-{Environment.ProcessId}")).FullName;
        try
        {
            string file = Path.Combine(here, "original"), copy = Path.Combine(here, "copy");
            var checkpoints = new CheckpointStore(new LocalBlobStore(Path.Combine(here, "store")), "run", new RetentionPolicy { Latest = 1 });
            double copied = 0, committed = 0, loaded = 0;
            long bytes = 0;
            for (int round = 0; round <= rounds; round++)
            {
                CheckpointManifest? manifest = null;
                double rate = await RateAsync(async () =>
                {
                    manifest = await checkpoints.CommitAsync(model, Info(round + 1), 1);
                    return manifest.Weights.Bytes + manifest.Moments.Bytes;
                });
                bytes = manifest!.Weights.Bytes + manifest.Moments.Bytes;
                double back = await RateAsync(async () =>
                {
                    await checkpoints.LoadLatestAsync(model);
                    return bytes;
                });
                if (round == 0)
                {
                    // The first round warms up, and tells how long a file to copy.
                    await using FileStream original = File.Create(file);
                    byte[] block = new byte[1 << 20];
                    new Random(1).NextBytes(block);
                    for (long left = bytes; left > 0; left -= block.Length)
                    {
                        await original.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
                    }

                    original.Flush(flushToDisk: true);
                    continue;
                }

                committed = Math.Max(committed, rate);
                loaded = Math.Max(loaded, back);
                copied = Math.Max(copied, await RateAsync(() => CopyAsync(file, copy)));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{bytes / 1e6:F0} MB: file copy {copied:F0} MB/s, checkpoint {committed:F0} MB/s ({100 * committed / copied:F0} % of it), loaded and verified {loaded:F0} MB/s; best of {rounds}."));
        }
        finally
        {
            Directory.Delete(here, recursive: true);
        }
    }

    /// <summary>As durable as the store's: the copy is on the disk when it is done.</summary>
    private static async Task<long> CopyAsync(string from, string to)
    {
        await using FileStream source = File.OpenRead(from);
        await using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        await source.CopyToAsync(target, 1 << 20);
        target.Flush(flushToDisk: true);
        return source.Length;
    }

    private static async Task<double> RateAsync(Func<Task<long>> work)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = await work();
        return bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static CheckpointInfo Info(long step) => new()
    {
        CreatedBy = "benchmark",
        Step = step,
        Seed = 0,
        SequencesConsumed = step,
        Loss = 1,
        LossHistoryHash = new string('0', 64),
        Settings = new Dictionary<string, string>(),
    };
}
