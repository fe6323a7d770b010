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
    private const double NarrowWidth = 420;
    private const double Left = 52;
    private const double Right = 14;
    private const double Top = 30;
    private const double PlotHeight = 262;
    private const double AxisRoom = 56;
    private const double LegendRow = 22;
    private const double LegendLeft = 4;

    private readonly StringBuilder _body = new();
    private readonly PlotAxis _x;
    private readonly PlotAxis _y;
    private readonly PictureLook _look;
    private readonly double _width;
    private bool _hasLinks;

    public SvgPlot(PlotAxis x, PlotAxis y, string xTitle, string yTitle, PictureLook look, double width = NarrowWidth)
    {
        (_x, _y, _look, _width) = (x, y, look, width);
        foreach (double tick in x.Ticks)
        {
            Line(X(tick), Top, X(tick), Top + PlotHeight, "currentColor", "stroke-opacity=\".13\"");
            Text(X(tick), Top + PlotHeight + 18, x.Label(tick), "middle");
        }

        foreach (double tick in y.Ticks)
        {
            Line(Left, Y(tick), _width - Right, Y(tick), "currentColor", "stroke-opacity=\".13\"");
            Text(Left - 8, Y(tick) + 4, y.Label(tick), "end");
        }

        Line(Left, Top + PlotHeight, _width - Right, Top + PlotHeight, "currentColor", "stroke-opacity=\".6\"");
        Line(Left, Top, Left, Top + PlotHeight, "currentColor", "stroke-opacity=\".6\"");
        Text(Left + ((_width - Left - Right) / 2), Top + PlotHeight + 42, xTitle, "middle");
        Text(2, Top - 14, yTitle, "start");
    }

    /// <summary>A mark: small and pale for one seed, large for a mean.</summary>
    /// <param name="arm">The arm's place in the study.</param>
    /// <param name="x">Where, on the horizontal axis.</param>
    /// <param name="y">Where, on the vertical axis.</param>
    /// <param name="isMean">Whether it is a mean.</param>
    /// <param name="tip">What the pointer finds.</param>
    /// <param name="address">What the mark opens; null for nothing.</param>
    public void Dot(int arm, double x, double y, bool isMean, string tip, string? address = null)
    {
        double size = isMean ? 6 : address is null ? 3 : 4;
        string look = isMean ? " class=\"mean\"" : " class=\"seed\" fill-opacity=\".7\"";
        string mark = Invariant($"<g fill=\"{Colour(arm)}\"{look}><title>{Encode(tip)}</title>{Shape(arm, X(x), Y(y), size)}</g>");
        _hasLinks |= address is not null;
        _body.Append(address is null ? $"{mark}\n" : $"<a href=\"{Encode(address)}\" aria-label=\"{Encode(tip)}\">{mark}</a>\n");
    }

    /// <summary>A line through points, in order; what is not finite is left out.</summary>
    public void Path(int arm, IReadOnlyList<double> xs, IReadOnlyList<double> ys, bool dashed) =>
        _body.Append($"<path class=\"line\" d=\"{Points(xs, ys)}\" fill=\"none\" stroke=\"{Colour(arm)}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"{(dashed ? " stroke-dasharray=\"6 4\"" : "")}/>\n");

    /// <summary>The area between two lines.</summary>
    public void Band(int arm, IReadOnlyList<double> xs, IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        int[] there = [.. Enumerable.Range(0, xs.Count).Where(i => double.IsFinite(low[i]) && double.IsFinite(high[i]))];
        double[] around = [.. there.Select(i => xs[i]), .. there.Reverse().Select(i => xs[i])];
        _body.Append($"<path class=\"band\" d=\"{Points(around, [.. there.Select(i => high[i]), .. there.Reverse().Select(i => low[i])])}Z\" fill=\"{Colour(arm)}\" fill-opacity=\".18\"/>\n");
    }

    /// <summary>The front of what is not beaten in both directions: dashed, behind the marks.</summary>
    public void Front(IReadOnlyList<(double X, double Y)> points) =>
        _body.Append($"<path class=\"front\" d=\"{Points([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)])}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".55\" stroke-width=\"1.5\" stroke-dasharray=\"2 4\"/>\n");

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
    public string ToSvg(string title, string description, IReadOnlyList<string> arms) =>
        ToSvg(title, description, [.. arms.Select((name, arm) => (name, arm))]);

    /// <summary>The whole picture, with a legend below it: names and whose colour and shape they have.</summary>
    public string ToSvg(string title, string description, IReadOnlyList<(string Name, int Arm)> legend)
    {
        double x = LegendLeft;
        double y = Top + PlotHeight + AxisRoom + 10;
        foreach ((string name, int arm) in legend)
        {
            double width = 34 + (8.3 * name.Length);
            if (x > LegendLeft && x + width > _width)
            {
                (x, y) = (LegendLeft, y + LegendRow);
            }

            _body.Append(Invariant($"<g fill=\"{Colour(arm)}\">{Shape(arm, x + 6, y, 5.5)}</g>\n"));
            Text(x + 18, y + 4.5, name, "start");
            x += width;
        }

        string ground = _look.Ground is { } colour ? Invariant($"<rect width=\"{_width}\" height=\"{y + 14:0.##}\" fill=\"{colour}\"/>\n") : "";
        string ink = _look.Ink is null ? "" : $" color=\"{_look.Ink}\"";

        // What is inside a picture in the sense of ARIA is hidden from who cannot see it: links would be lost.
        string role = _hasLinks ? "group" : "img";
        return Invariant(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {_width} {y + 14:0.##}\" role=\"{role}\" font-family=\"system-ui, sans-serif\" font-size=\"13\"{ink}>\n")
            + $"<title>{Encode(title)}</title>\n<desc>{Encode(description)}</desc>\n{ground}{_body}</svg>\n";
    }

    private string Colour(int arm) => _look.Colours[Math.Max(arm, 0) % _look.Colours.Length];

    private string Points(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        var path = new StringBuilder();
        for (int i = 0; i < xs.Count; i++)
        {
            if (double.IsFinite(ys[i]))
            {
                path.Append(Invariant($"{(path.Length == 0 ? 'M' : 'L')}{X(xs[i]):0.#} {Y(ys[i]):0.#}"));
            }
        }

        return path.ToString();
    }

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

    private double X(double value) => Left + (_x.Position(value) * (_width - Left - Right));

    private double Y(double value) => Top + ((1 - _y.Position(value)) * PlotHeight);

    private void Line(double x1, double y1, double x2, double y2, string colour, string look) =>
        _body.Append(Invariant($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{colour}\" {look}/>\n"));

    private void Text(double x, double y, string text, string anchor) =>
        _body.Append(Invariant($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" fill=\"currentColor\">{Encode(text)}</text>\n"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
