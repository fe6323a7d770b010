namespace SlungOrleans.Dashboard.Model;

/// <summary>An axis of a picture: values to pixels, with round ticks.</summary>
internal sealed class PlotAxis
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    private PlotAxis(double low, double high, double from, double to, double tickStep)
    {
        _low = low;
        _high = high;
        _from = from;
        _to = to;
        TickStep = tickStep;
    }

    public double TickStep { get; }

    public int TickDecimals => Math.Clamp((int)Math.Ceiling(-Math.Log10(TickStep) - 1e-9), 0, 8);

    public IEnumerable<double> Ticks
    {
        get
        {
            var first = (long)Math.Ceiling(_low / TickStep - 1e-9);
            var last = (long)Math.Floor(_high / TickStep + 1e-9);
            for (var tick = first; tick <= last; tick++)
            {
                yield return tick * TickStep;
            }
        }
    }

    /// <summary>
    /// An axis that shows every point, and of the intervals as much as lies within one width of the points: an interval of two seeds can be
    /// so wide that nothing else could be seen.
    /// </summary>
    public static PlotAxis Around(IReadOnlyCollection<double> points, IEnumerable<double> intervalEnds, double from, double to)
    {
        var low = points.Min();
        var high = points.Max();
        var width = high > low ? high - low : Math.Max(Math.Abs(high) * 0.1, 1e-3);
        foreach (var end in intervalEnds.Where(double.IsFinite))
        {
            low = Math.Min(low, Math.Max(end, points.Min() - width));
            high = Math.Max(high, Math.Min(end, points.Max() + width));
        }

        var margin = Math.Max(high - low, width) * 0.08;
        return new PlotAxis(low - margin, high + margin, from, to, RoundStep((high - low + (2 * margin)) / 5));
    }

    /// <summary>The pixel of a value; beyond the axis, its end.</summary>
    public double At(double value) => _from + ((Math.Clamp(value, _low, _high) - _low) / (_high - _low) * (_to - _from));

    public bool Shows(double value) => value >= _low && value <= _high;

    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
