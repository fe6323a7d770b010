using System.Diagnostics;
using System.Globalization;
using SlungOrleans.Training;

namespace SlungOrleans.Benchmarks;

/// <summary>A model folder of OLMo-1B's size: written once, then read into a model; time, and the peak of memory beside the weights.</summary>
internal static class ModelFolders
{
    /// <summary>OLMo-1B's shape.</summary>
    internal static readonly ModelDescription Olmo1B = new()
    {
        VocabularySize = 50_304,
        HiddenSize = 2048,
        Layers = 16,
        Heads = 16,
        FeedForwardSize = 8192,
        MaximumSequenceLength = 2048,
        Norm = NormKind.NonParametricLayerNorm,
        TiedEmbeddings = true,
    };

    /// <param name="mode">write, or read in a process of its own, so that the peak is that of reading alone.</param>
    /// <param name="folder">The model's folder.</param>
    internal static void Run(string mode, string folder)
    {
        using ITrainableModel model = new ManagedEngine().Create(Olmo1B, threads: 1);
        if (mode == "write")
        {
            Fill(model);
        }

        long started = Stopwatch.GetTimestamp();
        if (mode == "write")
        {
            new HuggingFaceExport().Write(model, folder);
        }
        else
        {
            HuggingFaceFolder.Open(folder).LoadWeights(model);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long weights = sizeof(float) * model.Parameters.Sum(parameter => parameter.Length);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{mode}: {weights / 1e9:F2} GB in {seconds:F1} s, {weights / 1e6 / seconds:F0} MB/s; peak {process.PeakWorkingSet64 / 1e9:F2} GB, {(process.PeakWorkingSet64 - weights) / 1e9:F2} GB beside the weights."));
    }

    /// <summary>Quicker than initial values; what they are does not matter.</summary>
    private static void Fill(ITrainableModel model)
    {
        float[] values = new float[model.Parameters.Max(parameter => parameter.Length)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i % 1009) * 1e-5f;
        }

        foreach (ParameterDescription parameter in model.Parameters)
        {
            model.Write(parameter.Name, TensorKind.Weight, values.AsSpan(0, (int)parameter.Length));
        }
    }
}
