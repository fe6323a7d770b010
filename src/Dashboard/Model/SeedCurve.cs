using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>The losses of one run, every step, as they come.</summary>
internal sealed class SeedCurve
{
    private readonly List<double> _losses = [];
    private readonly List<double> _crossEntropies = [];

    public List<double> Steps { get; } = [];

    public long LastStep => Steps.Count == 0 ? 0 : (long)Steps[^1];

    public IReadOnlyList<double> ValuesOf(LossFigure figure) => figure == LossFigure.CrossEntropy ? _crossEntropies : _losses;

    public void Add(IEnumerable<MetricPoint> points)
    {
        foreach (var point in points.Where(point => point.Step > LastStep))
        {
            Steps.Add(point.Step);
            _losses.Add(point.Loss);
            _crossEntropies.Add(point.CrossEntropy);
        }
    }
}

/// <summary>Which loss to draw.</summary>
public enum LossFigure
{
    /// <summary>As trained on: arms differ in what is in it.</summary>
    Loss,

    /// <summary>Cross-entropy over the tokens that have it.</summary>
    CrossEntropy,
}

/// <summary>Fills curves with means over seeds.</summary>
internal static class SeedMeans
{
    /// <summary>Fills a curve with the mean, at every step, over the seeds that have it.</summary>
    /// <param name="curve">The curve; what it has is forgotten.</param>
    /// <param name="seeds">The seeds: steps, rising, and as many values.</param>
    /// <param name="band">The band.</param>
    public static void Fill(Curve curve, IReadOnlyList<(IReadOnlyList<double> Steps, double[] Values)> seeds, BandKind band)
    {
        curve.Clear();
        var factors = Bands.Factors(band, seeds.Count);
        var positions = new int[seeds.Count];
        var values = new double[seeds.Count];
        while (true)
        {
            var step = double.PositiveInfinity;
            for (var i = 0; i < seeds.Count; i++)
            {
                step = positions[i] < seeds[i].Steps.Count ? Math.Min(step, seeds[i].Steps[positions[i]]) : step;
            }

            if (double.IsPositiveInfinity(step))
            {
                return;
            }

            var n = 0;
            for (var i = 0; i < seeds.Count; i++)
            {
                if (positions[i] < seeds[i].Steps.Count && seeds[i].Steps[positions[i]] == step)
                {
                    var value = seeds[i].Values[positions[i]++];
                    values[n] = value;
                    n += double.IsFinite(value) ? 1 : 0;
                }
            }

            if (n > 0)
            {
                var (mean, low, high) = Bands.Of(values.AsSpan(0, n), band, factors);
                curve.Add(step, mean, low, high);
            }
        }
    }
}
