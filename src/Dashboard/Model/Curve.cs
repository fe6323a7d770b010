using System.Runtime.InteropServices;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A line of a chart that grows at its end, with a band around it if it is one of many seeds.</summary>
/// <param name="label">Its name for people.</param>
/// <param name="group">Lines of one group share an entry of the legend.</param>
/// <param name="colour">The style sheet's variable that holds its colour.</param>
/// <param name="dashed">Whether it is drawn dashed.</param>
/// <param name="banded">Whether it has a band.</param>
/// <param name="thin">Whether it is drawn thin and pale, behind what it is part of.</param>
public sealed class Curve(string label, string group, string colour, bool dashed = false, bool banded = false, bool thin = false)
{
    private readonly List<double> _steps = [];
    private readonly List<double> _values = [];
    private readonly List<double> _low = [];
    private readonly List<double> _high = [];

    public string Label { get; } = label;

    public string Group { get; } = group;

    public string Colour { get; } = colour;

    public bool Dashed { get; } = dashed;

    public bool Banded { get; } = banded;

    public bool Thin { get; } = thin;

    public IReadOnlyList<double> Steps => _steps;

    /// <summary>Not a number where there is no value.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The band's lower edge, not a number where there is none; empty without a band.</summary>
    public IReadOnlyList<double> Low => _low;

    /// <summary>The band's upper edge; likewise.</summary>
    public IReadOnlyList<double> High => _high;

    /// <summary>How often the curve was begun anew.</summary>
    public int Generation { get; private set; }

    public void Add(double step, double value) => Add(step, value, double.NaN, double.NaN);

    public void Add(double step, double value, double low, double high)
    {
        _steps.Add(step);
        _values.Add(value);
        if (Banded)
        {
            _low.Add(low);
            _high.Add(high);
        }
    }

    /// <summary>Forgets every point.</summary>
    public void Clear()
    {
        _steps.Clear();
        _values.Clear();
        _low.Clear();
        _high.Clear();
        Generation++;
    }

    /// <summary>The place of a step; negative if the curve does not have it.</summary>
    internal int IndexOf(double step) => _steps.BinarySearch(step);

    /// <summary>As many points of a range as a picture can show.</summary>
    internal CurvePart Range(int line, double from, double to, int pixels) => Part(line, Decimation.Indexes(
        CollectionsMarshal.AsSpan(_steps),
        CollectionsMarshal.AsSpan(_values),
        CollectionsMarshal.AsSpan(_low),
        CollectionsMarshal.AsSpan(_high),
        from,
        to,
        pixels));

    /// <summary>Every point from a place on.</summary>
    internal CurvePart From(int line, int start) => Part(line, [.. Enumerable.Range(start, _steps.Count - start)]);

    private CurvePart Part(int line, List<int> indexes) => new(
        line, [.. indexes.Select(index => _steps[index])], Figures(_values, indexes), Banded ? Figures(_low, indexes) : null, Banded ? Figures(_high, indexes) : null);

    // JSON has no NaN; the browser takes null for a gap.
    private static double?[] Figures(List<double> values, List<int> indexes) => [.. indexes.Select(index => double.IsFinite(values[index]) ? values[index] : (double?)null)];
}

/// <summary>Points of a curve as the browser gets them.</summary>
/// <param name="Line">The curve's place in the chart.</param>
/// <param name="Steps">Steps, rising.</param>
/// <param name="Values">As many values; null for a gap.</param>
/// <param name="Low">The band's lower edge; null without a band.</param>
/// <param name="High">The band's upper edge; likewise.</param>
public sealed record CurvePart(int Line, double[] Steps, double?[] Values, double?[]? Low, double?[]? High);
