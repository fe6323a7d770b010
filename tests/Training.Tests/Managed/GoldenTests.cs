using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace SlungOrleans.Training.Tests.Managed;

/// <summary>
/// The bits of a small run: the same as those checked in, on any number of threads, with 512-bit and 256-bit vectors. They hold where
/// there are fused multiply-adds and glibc's logarithm and exponential.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string GoldenFile = Path.Combine(AppContext.BaseDirectory, "Managed", "golden-losses.txt");

    [FusedFact]
    public void Train_OfEveryArm_GivesTheGoldenLosses() => Assert.Equal(File.ReadAllLines(GoldenFile), GoldenRun.Lines(threads: 1));

    [FusedFact]
    public void Train_OfFourThreads_GivesTheGoldenLosses() => Assert.Equal(File.ReadAllLines(GoldenFile), GoldenRun.Lines(threads: 4));

    [FusedFact]
    public async Task Train_With256BitVectors_GivesTheGoldenLosses() =>
        Assert.Equal(File.ReadAllLines(GoldenFile), await LinesWithoutAsync("DOTNET_EnableAVX512"));

    /// <summary>Without fused multiply-adds sums round more often: not the same bits, but the same run.</summary>
    [FusedFact]
    public async Task Train_With128BitVectors_GivesNearlyTheGoldenLosses()
    {
        string[] lines = await LinesWithoutAsync("DOTNET_EnableAVX2");
        double[] Losses(string[] of) => [.. of.Select(line => line.Split(' ')).Where(words => words.Length == 4).Select(words => double.Parse(words[2], CultureInfo.InvariantCulture))];
        Assert.All(Losses(File.ReadAllLines(GoldenFile)).Zip(Losses(lines)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(File.ReadAllLines(GoldenFile).Length, lines.Length);
    }

    private static Task<string[]> LinesWithoutAsync(string instructions) => TestProgram.LinesAsync([], (instructions, "0"));
}

/// <summary>A fact of machines whose bits the golden file holds.</summary>
public sealed class FusedFactAttribute : FactAttribute
{
    public FusedFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Fma.IsSupported)
        {
            Skip = "The golden bits are those of Linux with fused multiply-adds on x86-64.";
        }
    }
}
