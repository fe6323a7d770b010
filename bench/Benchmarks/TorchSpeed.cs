#if USE_TORCHSHARP
using System.Diagnostics;
using System.Globalization;
using SlungOrleans.Training;
using SlungOrleans.Training.TorchSharp;
#endif

namespace SlungOrleans.Benchmarks;

/// <summary>The TorchSharp engine's training tokens/s on the models and devices that bench/torch.sh also gives PyTorch: best and median, MiB in use, and MiB as estimated beforehand.</summary>
internal static class TorchSpeed
{
#if USE_TORCHSHARP
    /// <param name="arguments">train or masked; XS, S, M or 1B; the device; single, tf32 or bf16; sequences at once, 0 for all; rounds.</param>
    internal static void Run(string[] arguments)
    {
        if (arguments is not [("train" or "masked") and var mode, var name, var device, var precision, var atOnce, var rounds])
        {
            throw new ArgumentException("usage: torch train|masked XS|S|M|1B cuda:0|torch:cpu single|tf32|bf16 <sequences at once> <rounds>");
        }

        var settings = new EngineSettings
        {
            Precision = precision switch
            {
                "single" => NumericPrecision.Single,
                "tf32" => NumericPrecision.TensorFloat32,
                "bf16" => NumericPrecision.BFloat16,
                _ => throw new ArgumentException($"There is no precision '{precision}': single, tf32 or bf16."),
            },
            SequencesAtOnce = int.Parse(atOnce, CultureInfo.InvariantCulture),
        };
        (ModelDescription description, int sequences) = name == "1B" ? (ModelFolders.Olmo1B, 32) : (EngineSpeed.Description(name), EngineSpeed.BatchOf(name));
        var engine = new TorchSharpEngine(device, settings);
        using var model = engine.Create(description, Environment.ProcessorCount);
        model.Initialise(0);
        var random = new RandomStream(0, "benchmark", 0);
        int[] tokens = [.. Enumerable.Range(0, sequences * description.MaximumSequenceLength).Select(_ => random.NextInt32(description.VocabularySize))];
        byte[] labels = [.. tokens.Select(_ => mode == "masked" && random.NextDouble() < 0.3 ? (byte)3 : (byte)1)];
        var batch = new TokenBatch(sequences, description.MaximumSequenceLength, tokens, labels);
        var adamW = new AdamWSettings();
        var rates = new List<double>();

        // Twice before the clock counts: the first fills caches, the second has compiled code. The norm waits for the device, and so for the update of the step before.
        for (int step = 1; step <= int.Parse(rounds, CultureInfo.InvariantCulture) + 2; step++)
        {
            long start = Stopwatch.GetTimestamp();
            model.ComputeGradients(batch, LossRouting.Masked());
            model.ClipGradients(1);
            model.Update(adamW, 3e-4, step);
            rates.Add(tokens.Length / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        rates.RemoveRange(0, 2);
        rates.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rates[^1]:F0} {rates[rates.Count / 2]:F0} {MemoryInUse(device) >> 20} {engine.TrainingBytes(description, sequences, description.MaximumSequenceLength) >> 20}"));
    }

    private static long MemoryInUse(string device)
    {
        if (device == TorchDevice.Cpu)
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }

        (long total, long free) = CudaMemory.Read(int.Parse(device.AsSpan("cuda:".Length), CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException($"CUDA's driver does not say what memory {device} has.");
        return total - free;
    }
#else
    internal static void Run(string[] arguments) =>
        throw new InvalidOperationException($"The build has no TorchSharp, so 'torch {string.Join(' ', arguments)}' cannot be run; -p:UseTorchSharp=true adds it.");
#endif
}
