using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class DecimationTests
{
    private const int Pixels = 50;

    [Theory]
    [InlineData(0, 9999)]
    [InlineData(2000.5, 7777.25)]
    public void Indexes_ManyPoints_EveryPixelKeepsItsFirstLastLowestAndHighest(double from, double to)
    {
        var (steps, values) = Noise(10_000);

        var indexes = Decimation.Indexes(steps, values, [], [], from, to, Pixels);

        // Grouped by pixel the slow way: what the picture must not lose.
        var inside = Enumerable.Range(0, steps.Length).Where(i => steps[i] >= from && steps[i] <= to).GroupBy(i => (int)((steps[i] - from) / (to - from) * Pixels)).ToArray();
        Assert.All(inside, pixel =>
        {
            Assert.Contains(pixel.First(), indexes);
            Assert.Contains(pixel.Last(), indexes);
            Assert.Contains(pixel.Max(i => values[i]), indexes.Select(i => values[i]));
            Assert.Contains(pixel.Min(i => values[i]), indexes.Select(i => values[i]));
        });
        Assert.True(indexes.Count <= (4 * (Pixels + 1)) + 2, $"{indexes.Count} points for {Pixels} pixels.");
        Assert.Equal(indexes.Distinct().Order(), indexes);
    }

    [Fact]
    public void Indexes_FewPoints_AreAllThereWithOneBeyondEitherEnd()
    {
        double[] steps = [1, 2, 3, 4, 5, 6];

        Assert.Equal([1, 2, 3, 4], Decimation.Indexes(steps, [9, 9, 9, 9, 9, 9], [], [], 3, 4, Pixels));
        Assert.Equal([0, 2, 3, 5], Decimation.Indexes(steps, [9, double.NaN, 9, 9, double.NaN, 9], [], [], 3, 4, Pixels));
        Assert.Equal([0, 1, 2, 3, 4, 5], Decimation.Indexes(steps, [9, 9, 9, 9, 9, 9], [], [], 1, 6, Pixels));
    }

    [Fact]
    public void Indexes_ZoomedIn_IsExact()
    {
        var (steps, values) = Noise(100_000);

        Assert.Equal(Enumerable.Range(499, 103), Decimation.Indexes(steps, values, [], [], 500, 600, Pixels));
    }

    [Fact]
    public void Indexes_Bands_KeepTheirExtremes()
    {
        var (steps, values) = Noise(10_000);
        double[] low = [.. values.Select((value, i) => value - (i % 97))];
        double[] high = [.. values.Select((value, i) => value + (i % 89))];

        var indexes = Decimation.Indexes(steps, values, low, high, 0, 9999, Pixels);

        Assert.Contains(low.Min(), indexes.Select(i => low[i]));
        Assert.Contains(high.Max(), indexes.Select(i => high[i]));
    }

    [Fact]
    public void Indexes_NoNumbers_AreNone()
    {
        Assert.Empty(Decimation.Indexes([], [], [], [], 0, 1, Pixels));
        double[] nothing = [.. Enumerable.Repeat(double.NaN, 1000)];
        Assert.Empty(Decimation.Indexes(Noise(1000).Steps, nothing, [], [], 0, 999, Pixels));
    }

    [Fact]
    public void Append_GrowingCurve_SendsOnlyWhatIsNew()
    {
        var curve = new Curve("a", "a", "--arm-0", banded: true);
        curve.Add(1, 2, 1.5, 2.5);
        curve.Add(2, double.NaN);

        var part = curve.From(3, 1);

        Assert.Equal((3, 2.0, (double?)null, (double?)null), (part.Line, part.Steps.Single(), part.Values.Single(), part.Low!.Single()));
        curve.Clear();
        Assert.Equal((1, 0), (curve.Generation, curve.Steps.Count));
    }

    private static (double[] Steps, double[] Values) Noise(int count)
    {
        var random = new Random(5);
        return ([.. Enumerable.Range(0, count).Select(i => (double)i)], [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())]);
    }
}
