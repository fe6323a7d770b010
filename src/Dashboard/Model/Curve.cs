namespace SlungOrleans.Dashboard.Model;

/// <summary>A line of a chart that grows at its end.</summary>
/// <param name="label">Its name for people.</param>
/// <param name="group">Lines of one group share an entry of the legend.</param>
/// <param name="colour">The style sheet's variable that holds its colour.</param>
/// <param name="dashed">Whether it is drawn dashed.</param>
public sealed class Curve(string label, string group, string colour, bool dashed = false)
{
    private readonly List<double> _steps = [];
    private readonly List<double> _values = [];

    public string Label { get; } = label;

    public string Group { get; } = group;

    public string Colour { get; } = colour;

    public bool Dashed { get; } = dashed;

    public IReadOnlyList<double> Steps => _steps;

    /// <summary>Not a number where there is no value.</summary>
    public IReadOnlyList<double> Values => _values;

    public void Add(double step, double value)
    {
        _steps.Add(step);
        _values.Add(value);
    }
}
