using System.Diagnostics;
using System.Globalization;
using SlungOrleans.Training;

namespace SlungOrleans.Benchmarks;

/// <summary>
/// The managed engine's tokens/s on the shapes that bench/peers.sh also gives its peer: best and median, the peak of memory in MiB, the
/// machine's peak of multiply-adds (the highest that was measured between the rounds) in GFLOP/s, and, of training, the best round's share of it.
/// </summary>
internal static class EngineSpeed
{
    private static readonly Dictionary<string, ModelShape> Shapes = new()
    {
        ["XS"] = new(128, 4, 4, 352, 4096, 256, 16, 8.75),
        ["S"] = new(256, 6, 8, 704, 8192, 256, 16, 43.8),
        ["M"] = new(512, 8, 8, 1408, 16384, 512, 8, 217),
    };

    /// <param name="arguments">train, masked, score, generate1 or generate64; XS, S or M; threads; rounds.</param>
    internal static void Run(string[] arguments)
    {
        if (arguments is not [string mode, string name, string threadsText, string roundsText])
        {
            throw new ArgumentException("usage: engine train|masked|score|generate1|generate64 XS|S|M <threads> <rounds>");
        }

        int threads = int.Parse(threadsText, CultureInfo.InvariantCulture), rounds = int.Parse(roundsText, CultureInfo.InvariantCulture);
        using var model = new ManagedEngine().Create(Description(name), threads);
        model.Initialise(0);
        (long tokens, Action work) = Work(mode, model, BatchOf(name));

        // Twice before the clock starts: the first fills buffers, the second has compiled code.
        work();
        work();
        var rates = new List<double>();
        var peaks = new List<double> { MachinePeak.Measure(threads) };
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            rates.Add(tokens / Stopwatch.GetElapsedTime(start).TotalSeconds);
            peaks.Add(MachinePeak.Measure(threads));
        }

        rates.Sort();
        double peak = peaks.Max();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rates[^1]:F0} {rates[rates.Count / 2]:F0} {process.PeakWorkingSet64 >> 20} {peak:F0} {(mode == "train" ? rates[^1] * Shape(name).MegaflopPerToken / 1e3 / peak : 0):F3}"));
    }

    /// <summary>The model of a name: XS, S or M.</summary>
    internal static ModelDescription Description(string name)
    {
        var shape = Shape(name);
        return new ModelDescription
        {
            HiddenSize = shape.Hidden,
            Layers = shape.Layers,
            Heads = shape.Heads,
            FeedForwardSize = shape.FeedForward,
            VocabularySize = shape.Vocabulary,
            MaximumSequenceLength = shape.Length,
        };
    }

    /// <summary>Sequences in a batch of the model of a name.</summary>
    internal static int BatchOf(string name) => Shape(name).Sequences;

    private static ModelShape Shape(string name) =>
        Shapes.TryGetValue(name, out var shape) ? shape : throw new ArgumentException($"There is no model '{name}': XS, S or M.");

    private static (long Tokens, Action Work) Work(string mode, ITrainableModel model, int sequences)
    {
        int length = model.Description.MaximumSequenceLength, vocabulary = model.Description.VocabularySize;
        var random = new RandomStream(0, "benchmark", 0);
        int[] tokens = [.. Enumerable.Range(0, sequences * length).Select(_ => random.NextInt32(vocabulary))];
        byte[] labels = [.. tokens.Select(_ => mode == "masked" && random.NextDouble() < 0.3 ? (byte)3 : (byte)1)];
        switch (mode)
        {
            case "train" or "masked":
                var batch = new TokenBatch(sequences, length, tokens, labels);
                var settings = new AdamWSettings();
                long step = 0;
                return (tokens.Length, () =>
                {
                    model.ComputeGradients(batch, LossRouting.Masked());
                    model.ClipGradients(1);
                    model.Update(settings, 3e-4, ++step);
                });
            case "score":
                int[][] scored = [.. tokens.Chunk(length)];
                return (tokens.Length, () => model.Score(scored));
            case "generate1" or "generate64":
                int count = mode == "generate1" ? 1 : 64, most = count > 1 ? Math.Min(length, length > 256 ? 128 : 256) : length;
                int[][] prompts = [.. tokens.Take(count).Select(token => new[] { token })];
                ulong[] streams = [.. Enumerable.Range(0, count).Select(number => (ulong)number)];
                return ((long)count * (most - 1), () => model.Generate(prompts, new SamplingSettings { NewTokens = most - 1 }, streams));
            default:
                throw new ArgumentException($"There is no mode '{mode}': train, masked, score, generate1 or generate64.");
        }
    }

    /// <param name="Hidden">Width of the residual stream.</param>
    /// <param name="Layers">Layers.</param>
    /// <param name="Heads">Heads.</param>
    /// <param name="FeedForward">Width of the feed-forward part.</param>
    /// <param name="Vocabulary">Tokens.</param>
    /// <param name="Length">Tokens of a sequence.</param>
    /// <param name="Sequences">Sequences of a batch.</param>
    /// <param name="MegaflopPerToken">Of training: six times the weights of the products, and causal attention.</param>
    private sealed record ModelShape(
        int Hidden, int Layers, int Heads, int FeedForward, int Vocabulary, int Length, int Sequences, double MegaflopPerToken);
}
