using System.Globalization;

namespace SlungOrleans.Evaluation;

/// <summary>One axis of a picture: the range it shows and round numbers on it.</summary>
internal sealed class PlotAxis
{
    private const int WantedTicks = 5;

    private readonly int _decimals;

    private PlotAxis(double low, double high)
    {
        double step = RoundStep((high - low) / WantedTicks);
        Low = low;
        High = high;
        _decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        int first = (int)Math.Ceiling((low / step) - 1e-9);
        int last = (int)Math.Floor((high / step) + 1e-9);
        Ticks = [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(i => i * step)];
    }

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Fits an axis.</summary>
    /// <param name="values">Values that must be on it; not empty.</param>
    /// <param name="bounds">Ends of intervals, which are shown as far as they are not so wide that they would squeeze the values together.</param>
    /// <param name="isShare">Whether values cannot leave 0 to 1.</param>
    public static PlotAxis Of(IReadOnlyList<double> values, IEnumerable<double> bounds, bool isShare)
    {
        double low = values.Min();
        double high = values.Max();
        double span = high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? high - low : Math.Max(0.1 * Math.Abs(high), 0.01);
        double[] shown = [.. bounds.Where(double.IsFinite).Select(bound => Math.Clamp(bound, low - span, high + span)), low, high];
        double margin = 0.06 * Math.Max(span, shown.Max() - shown.Min());
        (low, high) = (shown.Min() - margin, shown.Max() + margin);
        return isShare ? new PlotAxis(Math.Max(low, -0.02), Math.Min(high, 1.02)) : new PlotAxis(low, high);
    }

    /// <summary>Where a value lies, 0 at the low end to 1 at the high one.</summary>
    public double Position(double value) => (value - Low) / (High - Low);

    public string Label(double tick) => (Math.Round(tick, 12) + 0.0).ToString("F" + _decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
