using System.Globalization;
using System.Net;
using System.Text;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Draws into one SVG: axes, dots, whiskers, lines, a legend. Text takes the colour of the page around it, arms have colours that stand out on
/// light and on dark ground and shapes that tell them apart without colour.
/// </summary>
internal sealed class SvgPlot
{
    private const double Width = 420;
    private const double Left = 48;
    private const double Right = 14;
    private const double Top = 30;
    private const double PlotHeight = 262;
    private const double AxisRoom = 56;
    private const double LegendRow = 22;
    private const double LegendLeft = 4;

    // Luminance between 0.13 and 0.30: contrast of 3 or more with white and with near-black.
    private static readonly string[] Colours = ["#2f7fd6", "#d9730d", "#1f9d55", "#c2479f", "#8b63d9", "#0e9aa7", "#d64545", "#8a8d1f"];

    private readonly StringBuilder _body = new();
    private readonly PlotAxis _x;
    private readonly PlotAxis _y;

    public SvgPlot(PlotAxis x, PlotAxis y, string xTitle, string yTitle)
    {
        (_x, _y) = (x, y);
        foreach (double tick in x.Ticks)
        {
            Line(X(tick), Top, X(tick), Top + PlotHeight, "currentColor", "stroke-opacity=\".13\"");
            Text(X(tick), Top + PlotHeight + 18, x.Label(tick), "middle");
        }

        foreach (double tick in y.Ticks)
        {
            Line(Left, Y(tick), Width - Right, Y(tick), "currentColor", "stroke-opacity=\".13\"");
            Text(Left - 8, Y(tick) + 4, y.Label(tick), "end");
        }

        Line(Left, Top + PlotHeight, Width - Right, Top + PlotHeight, "currentColor", "stroke-opacity=\".6\"");
        Line(Left, Top, Left, Top + PlotHeight, "currentColor", "stroke-opacity=\".6\"");
        Text(Left + ((Width - Left - Right) / 2), Top + PlotHeight + 42, xTitle, "middle");
        Text(2, Top - 14, yTitle, "start");
    }

    /// <summary>A mark: small and pale for one seed, large for a mean.</summary>
    public void Dot(int arm, double x, double y, bool isMean, string tip)
    {
        double size = isMean ? 6 : 3;
        string look = isMean ? "" : " fill-opacity=\".7\"";
        _body.Append(Invariant($"<g fill=\"{Colour(arm)}\"{look}><title>{Encode(tip)}</title>{Shape(arm, X(x), Y(y), size)}</g>\n"));
    }

    /// <summary>An interval; an end that lies beyond the picture has no cap.</summary>
    public void Whisker(int arm, double x, double y, double low, double high, bool horizontal)
    {
        if (double.IsNaN(low) || double.IsNaN(high))
        {
            return;
        }

        PlotAxis axis = horizontal ? _x : _y;
        double start = Math.Clamp(low, axis.Low, axis.High);
        double end = Math.Clamp(high, axis.Low, axis.High);
        Segment(arm, horizontal ? (start, y) : (x, start), horizontal ? (end, y) : (x, end));
        foreach (double cap in new[] { start, end }.Where(cap => cap == low || cap == high))
        {
            (double px, double py) = horizontal ? (X(cap), Y(y)) : (X(x), Y(cap));
            (double dx, double dy) = horizontal ? (0.0, 5.0) : (5.0, 0.0);
            Line(px - dx, py - dy, px + dx, py + dy, Colour(arm), "stroke-width=\"1.5\"");
        }
    }

    public void Segment(int arm, (double X, double Y) from, (double X, double Y) to) =>
        Line(X(from.X), Y(from.Y), X(to.X), Y(to.Y), Colour(arm), "stroke-width=\"1.5\"");

    /// <summary>The whole picture, with a legend of the arms below it.</summary>
    public string ToSvg(string title, string description, IReadOnlyList<string> arms)
    {
        double x = LegendLeft;
        double y = Top + PlotHeight + AxisRoom + 10;
        for (int arm = 0; arm < arms.Count; arm++)
        {
            double width = 30 + (7.0 * arms[arm].Length);
            if (x > LegendLeft && x + width > Width)
            {
                (x, y) = (LegendLeft, y + LegendRow);
            }

            _body.Append(Invariant($"<g fill=\"{Colour(arm)}\">{Shape(arm, x + 6, y, 5.5)}</g>\n"));
            Text(x + 18, y + 4.5, arms[arm], "start");
            x += width;
        }

        return Invariant(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {y + 14:0.##}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n")
            + $"<title>{Encode(title)}</title>\n<desc>{Encode(description)}</desc>\n{_body}</svg>\n";
    }

    private static string Colour(int arm) => Colours[arm % Colours.Length];

    private static string Shape(int arm, double x, double y, double size) => (arm % 6) switch
    {
        0 => Invariant($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{size:0.##}\"/>"),
        1 => Polygon(x, y, size, (-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        2 => Polygon(x, y, size, (0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
        3 => Polygon(x, y, size, (0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        4 => Polygon(x, y, size, (0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
        _ => Polygon(x, y, size, (-1.15, -0.4), (-0.4, -0.4), (-0.4, -1.15), (0.4, -1.15), (0.4, -0.4), (1.15, -0.4), (1.15, 0.4), (0.4, 0.4), (0.4, 1.15), (-0.4, 1.15), (-0.4, 0.4), (-1.15, 0.4)),
    };

    private static string Polygon(double x, double y, double size, params ReadOnlySpan<(double X, double Y)> corners)
    {
        var points = new StringBuilder();
        foreach ((double cornerX, double cornerY) in corners)
        {
            points.Append(Invariant($"{x + (size * cornerX):0.##},{y + (size * cornerY):0.##} "));
        }

        return $"<polygon points=\"{points.ToString().TrimEnd()}\"/>";
    }

    private double X(double value) => Left + (_x.Position(value) * (Width - Left - Right));

    private double Y(double value) => Top + ((1 - _y.Position(value)) * PlotHeight);

    private void Line(double x1, double y1, double x2, double y2, string colour, string look) =>
        _body.Append(Invariant($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{colour}\" {look}/>\n"));

    private void Text(double x, double y, string text, string anchor) =>
        _body.Append(Invariant($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" fill=\"currentColor\">{Encode(text)}</text>\n"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
