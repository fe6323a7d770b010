using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>
/// Curves of one run that take in its metrics as they come. A very long run is thinned: a point is the mean of as many steps as keep the whole
/// run below <see cref="MostPoints"/> points, so that a page of many runs takes little memory.
/// </summary>
/// <param name="steps">Steps of the whole run.</param>
/// <param name="lines">What to draw: a curve and the figure that it shows.</param>
internal sealed class RunCurves(long steps, params (Curve Curve, Func<MetricPoint, double> Figure)[] lines)
{
    public const int MostPoints = 100_000;

    private readonly double[] _sums = new double[lines.Length];
    private readonly int[] _counts = new int[lines.Length];

    /// <summary>How many steps a point stands for.</summary>
    public long StepsPerPoint { get; } = Math.Max(1, (steps + MostPoints - 1) / MostPoints);

    /// <summary>The last step that was taken in.</summary>
    public long LastStep { get; private set; }

    public void Add(IEnumerable<MetricPoint> points)
    {
        foreach (var point in points.Where(point => point.Step > LastStep))
        {
            LastStep = point.Step;
            var complete = point.Step % StepsPerPoint == 0 || point.Step == steps;
            for (var line = 0; line < lines.Length; line++)
            {
                var value = lines[line].Figure(point);
                if (double.IsFinite(value))
                {
                    _sums[line] += value;
                    _counts[line]++;
                }

                if (complete)
                {
                    lines[line].Curve.Add(point.Step, _counts[line] > 0 ? _sums[line] / _counts[line] : double.NaN);
                    _sums[line] = 0;
                    _counts[line] = 0;
                }
            }
        }
    }
}
