namespace SlungOrleans.Evaluation;

/// <summary>Lines over steps as one SVG, with bands and a legend.</summary>
public static class LinePicture
{
    private const double Width = 760;

    /// <summary>Draws.</summary>
    /// <param name="title">What the values are.</param>
    /// <param name="xTitle">What the steps are.</param>
    /// <param name="lines">The lines, in the order in which they are drawn.</param>
    /// <param name="look">How.</param>
    /// <returns>An <c>svg</c> element; empty if no line has a finite value.</returns>
    public static string ToSvg(string title, string xTitle, IReadOnlyList<PictureLine> lines, PictureLook look)
    {
        double[] steps = [.. lines.SelectMany(line => line.Steps)];
        double[] values = [.. lines.SelectMany(line => line.Values).Where(double.IsFinite)];
        if (values.Length == 0)
        {
            return "";
        }

        var plot = new SvgPlot(
            PlotAxis.Of([steps.Min(), steps.Max()], [], isShare: false),
            PlotAxis.Of([values.Min(), values.Max()], lines.SelectMany(line => line.Low.Concat(line.High)), isShare: false),
            xTitle,
            title,
            look,
            Width);
        foreach (PictureLine line in lines.Where(line => line.Low.Count > 0))
        {
            plot.Band(line.Colour, line.Steps, line.Low, line.High);
        }

        foreach (PictureLine line in lines)
        {
            plot.Path(line.Colour, line.Steps, line.Values, line.Dashed);
        }

        (string Name, int Colour)[] legend = [.. lines.DistinctBy(line => line.Group, StringComparer.Ordinal).Select(line => (line.Group, line.Colour))];
        return plot.ToSvg(title, string.Join("; ", lines.Select(line => line.Label)), legend);
    }
}

/// <summary>A line of a picture.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Group">Lines of one group share an entry of the legend.</param>
/// <param name="Colour">Its place among the look's colours.</param>
/// <param name="Dashed">Whether it is dashed.</param>
/// <param name="Steps">Where its values stand, rising.</param>
/// <param name="Values">As many; not a number where there is none.</param>
/// <param name="Low">The lower edge of its band, as many; empty for no band.</param>
/// <param name="High">The upper edge; likewise.</param>
public sealed record PictureLine(
    string Label, string Group, int Colour, bool Dashed, IReadOnlyList<double> Steps, IReadOnlyList<double> Values, IReadOnlyList<double> Low, IReadOnlyList<double> High);
