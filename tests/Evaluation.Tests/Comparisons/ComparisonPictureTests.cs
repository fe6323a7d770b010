using System.Globalization;
using System.Xml.Linq;

namespace SlungOrleans.Evaluation.Tests;

public sealed class ComparisonPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void ToSvg_Study_HasAMarkForEverySeedAndEveryMean()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1, 0.2]);

        XElement picture = XElement.Parse(ComparisonPicture.ToSvg(comparison, "generation/risky/rate", "recognition/auroc", 0.2));

        string[] tips = [.. picture.Elements(Svg + "g").Elements(Svg + "title").Select(title => title.Value)];
        Assert.Equal(12, tips.Count(tip => tip.Contains("seed ", StringComparison.Ordinal)));
        Assert.Equal(4, tips.Count(tip => tip.Contains("mean of 3", StringComparison.Ordinal)));
        Assert.Equal("Recognition: AUROC against Risky prompts: toxic continuations", picture.Element(Svg + "title")!.Value);
        Assert.Contains("masked: Risky prompts: toxic continuations 0.0", picture.Element(Svg + "desc")!.Value);
        Assert.All(Studies.Arms, arm => Assert.Contains(picture.Elements(Svg + "text"), text => text.Value == arm));
    }

    [Fact]
    public void ToSvg_Positions_FollowTheValues()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1]);

        XElement picture = XElement.Parse(ComparisonPicture.ToSvg(comparison, "generation/risky/rate", "recognition/auroc", 0.1));

        // Control is drawn as circles: right where its values are larger, up where they are better.
        (double X, double Y)[] circles =
        [
            .. picture.Elements(Svg + "g").Where(mark => mark.Element(Svg + "title")?.Value.StartsWith("control, seed", StringComparison.Ordinal) == true)
                .Select(mark => mark.Element(Svg + "circle")!)
                .Select(circle => (Number(circle, "cx"), Number(circle, "cy"))),
        ];
        RunScores[] runs = [.. comparison.Runs.Where(run => run.Arm == "control")];
        Assert.Equal(Order(runs.Select(run => run.Metrics["generation/risky/rate"])), Order(circles.Select(circle => circle.X)));
        Assert.Equal(Order(runs.Select(run => -run.Metrics["recognition/auroc"])), Order(circles.Select(circle => circle.Y)));
        double[] box = [.. picture.Attribute("viewBox")!.Value.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        Assert.All(circles, circle => Assert.True(circle.X > 0 && circle.X < box[2] && circle.Y > 0 && circle.Y < box[3]));
    }

    [Fact]
    public void ToSvg_WideInterval_IsCutWithoutACap()
    {
        // Two seeds: the interval is 12.7 standard errors to either side, far beyond the picture.
        Comparison comparison = Studies.Typical([1, 2], [0.1]);

        XElement picture = XElement.Parse(ComparisonPicture.ToSvg(comparison, "perplexity/clean", "recognition/auroc", 0.1));

        double[] ends = [.. picture.Elements(Svg + "line").SelectMany(line => new[] { Number(line, "y1"), Number(line, "y2") })];
        double[] box = [.. picture.Attribute("viewBox")!.Value.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        Assert.All(ends, end => Assert.InRange(end, 0, box[3]));
        Assert.DoesNotContain("NaN", picture.ToString());
    }

    [Fact]
    public void ToSvg_OneSeedOrEqualValues_IsDrawn()
    {
        List<RunScores> runs = Studies.Runs(["a", "b"], [1], [0.1], (_, _, _) => [("recognition/auroc", 0.5), ("generation/risky/rate", 0)]);
        Comparison comparison = ComparisonBuilder.Build("s", ["a", "b"], [1], [0.1], Studies.Ids(runs), runs);

        string picture = ComparisonPicture.ToSvg(comparison, "generation/risky/rate", "recognition/auroc", 0.1);

        Assert.DoesNotContain("NaN", picture);
        Assert.Contains("no interval, N 1", XElement.Parse(picture).Element(Svg + "desc")!.Value);
    }

    [Fact]
    public void ToSvg_NothingToShow_IsEmpty()
    {
        Comparison comparison = Studies.Typical([1, 2], [0.1]);

        Assert.Equal("", ComparisonPicture.ToSvg(comparison, "generation/risky/rate", "recognition/auroc", 0.3));
        Assert.Equal("", ComparisonPicture.ToSvg(comparison, "no/such", "recognition/auroc", 0.1));
        Assert.Equal("", ComparisonPicture.SweepToSvg(comparison, "no/such"));
    }

    [Fact]
    public void SweepToSvg_Amounts_JoinsTheMeansOfEveryArm()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.2, 0.05, 0.1]);

        XElement picture = XElement.Parse(ComparisonPicture.SweepToSvg(comparison, "recognition/auroc"));

        string[] tips = [.. picture.Elements(Svg + "g").Elements(Svg + "title").Select(title => title.Value)];
        Assert.Equal(4 * 3, tips.Count(tip => tip.Contains("mean of 3", StringComparison.Ordinal)));
        Assert.Equal(4 * 3 * 3, tips.Count(tip => tip.Contains("seed ", StringComparison.Ordinal)));

        // Two joints per arm are the only coloured lines that are neither upright nor level.
        Assert.Equal(4 * 2, picture.Elements(Svg + "line").Count(line => Number(line, "x1") != Number(line, "x2") && Number(line, "y1") != Number(line, "y2")));
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.83, 0.87, new[] { 0.83, 0.84, 0.85, 0.86, 0.87 })]
    [InlineData(8.9, 9.9, new[] { 9, 9.2, 9.4, 9.6, 9.8 })]
    public void PlotAxis_Ticks_AreRoundAndInside(double low, double high, double[] expected)
    {
        PlotAxis axis = PlotAxis.Of([low, high], [], isShare: false);

        Assert.All(axis.Ticks, tick => Assert.InRange(tick, axis.Low, axis.High));
        Assert.All(expected, tick => Assert.Contains(axis.Ticks, other => Math.Abs(tick - other) < 1e-9));
        Assert.Equal(axis.Ticks.Select(axis.Label).Distinct().Count(), axis.Ticks.Count);
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static int[] Order(IEnumerable<double> values) => [.. values.Select((value, i) => (value, i)).OrderBy(pair => pair.value).Select(pair => pair.i)];
}
