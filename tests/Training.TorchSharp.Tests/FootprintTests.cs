using System.Globalization;
using System.Runtime.InteropServices;
using SlungOrleans.Training.Tests.Managed;
using Xunit.Abstractions;

namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>The memory that training is said to take is that which libtorch takes: the process's peak, as the kernel counts it, above what it had.</summary>
public sealed partial class FootprintTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.25;

    [HostMemoryTheory]
    [InlineData("XS", 16, 0, false, NumericPrecision.Single)]
    [InlineData("XS", 16, 4, false, NumericPrecision.Single)]
    [InlineData("XS", 16, 0, true, NumericPrecision.Single)]
    [InlineData("XS", 16, 0, false, NumericPrecision.BFloat16)]
    [InlineData("S", 16, 0, false, NumericPrecision.Single)]
    [InlineData("S", 16, 0, true, NumericPrecision.Single)]
    public void TrainingBytes_OfAStep_AreThePeakOfTheProcess(string shape, int sequences, int atOnce, bool recompute, NumericPrecision precision)
    {
        const int length = 256;
        ModelDescription description = shape == "XS"
            ? Samples.Description(vocabulary: 4096, hidden: 128, layers: 4, heads: 4, feedForward: 352, longest: length)
            : Samples.Description(vocabulary: 8192, hidden: 256, layers: 6, heads: 8, feedForward: 704, longest: length, norm: NormKind.NonParametricLayerNorm, tied: true);
        var settings = new EngineSettings { SequencesAtOnce = atOnce, RecomputeActivations = recompute, Precision = precision };
        IEngine engine = TorchEngine.Open(settings);
        Train(engine, Samples.Description(), 1, 8);

        long before = StartCounting();
        Train(engine, description, sequences, length);
        long taken = Kilobytes("VmHWM") - before, said = ((IDeviceMemory)engine).TrainingBytes(description, sequences, length) >> 10;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape} {sequences}/{atOnce} {recompute} {precision}: said {said >> 10} MB, took {taken >> 10} MB, {(double)said / taken:F2}"));
        Assert.InRange((double)said / taken, 1 - Tolerance, 1 + Tolerance);
    }

    /// <summary>Settings are changed one after the other until it fits: those that cost no time first, and never what changes the numbers.</summary>
    [TorchFact]
    public void SettingsThatFit_LessAndLessMemory_ChangesMoreAndMore()
    {
        ModelDescription description = Samples.Description(vocabulary: 50304, hidden: 1024, layers: 8, heads: 16, feedForward: 4096, longest: 1024);
        var now = new EngineSettings { Deterministic = true };
        var engine = (IDeviceMemory)TorchEngine.Open(now);
        long whole = engine.TrainingBytes(description, 64, 1024);
        Assert.Equal(now with { SequencesAtOnce = 64 }, engine.SettingsThatFit(description, 64, 1024, whole));

        EngineSettings parts = engine.SettingsThatFit(description, 64, 1024, whole / 2)!, again = engine.SettingsThatFit(description, 64, 1024, BytesOf(now with { SequencesAtOnce = 1 }) - 1)!;
        Assert.Equal((false, now.LogitsAtOnce), (parts.RecomputeActivations, parts.LogitsAtOnce));
        Assert.InRange(parts.SequencesAtOnce, 1, 32);
        Assert.True(again.RecomputeActivations);
        foreach ((EngineSettings settings, long bytes) in new[] { (parts, whole / 2), (again, BytesOf(now with { SequencesAtOnce = 1 }) - 1) })
        {
            Assert.InRange(BytesOf(settings), 1, bytes);
            Assert.True(BytesOf(settings with { SequencesAtOnce = 2 * settings.SequencesAtOnce }) > bytes, "Twice the sequences at once would fit, too.");
        }

        Assert.Null(engine.SettingsThatFit(description, 64, 1024, 16L * description.VocabularySize * description.HiddenSize));

        long BytesOf(EngineSettings settings) => ((IDeviceMemory)TorchEngine.Open(settings)).TrainingBytes(description, 64, 1024);
    }

    private static void Train(IEngine engine, ModelDescription description, int sequences, int length)
    {
        using ITrainableModel model = engine.Create(description, 2);
        model.Initialise(1);
        TokenBatch batch = Samples.Batch(description, sequences, length);
        model.ComputeGradients(batch, LossRouting.CrossEntropyEverywhere);
        model.ClipGradients(1);
        model.Update(new AdamWSettings(), 1e-3, 1);
    }

    /// <summary>The process's memory now, from which the kernel counts its peak anew.</summary>
    private static long StartCounting()
    {
        GC.Collect();
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Kilobytes("VmHWM");
    }

    private static long Kilobytes(string field) => long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint kept);
}
