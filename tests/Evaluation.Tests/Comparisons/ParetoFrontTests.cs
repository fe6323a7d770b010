using System.Xml.Linq;

namespace SlungOrleans.Evaluation.Tests;

public sealed class ParetoFrontTests
{
    private static readonly MetricDescription Generation = new("g", "Generation", MetricAxis.Generation, HigherIsBetter: false, true);
    private static readonly MetricDescription Recognition = new("r", "Recognition", MetricAxis.Recognition, HigherIsBetter: true, true);

    [Fact]
    public void Of_Arms_LeavesOutWhatIsBeatenInBoth()
    {
        // Better is left and up. b is beaten by c, d by a; e equals c, so neither beats the other; f has no recognition.
        Comparison comparison = Of(("a", 0.1, 0.6), ("b", 0.4, 0.7), ("c", 0.3, 0.8), ("d", 0.2, 0.5), ("e", 0.3, 0.8), ("f", 0.0, double.NaN));

        Assert.Equal(["a", "c", "e"], ParetoFront.Of(comparison, Generation, Recognition, 0.5).ToArray());
        Assert.Empty(ParetoFront.Of(comparison, Generation, Recognition, 0.1));
    }

    [Fact]
    public void ToSvg_LookOfAPage_LinksSeedsAndDrawsTheFront()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1]);
        var look = new PictureLook { AddressOf = run => $"runs/{run.Run}?a&b", Ground = "#ffffff", Ink = "#000000" };

        XElement picture = XElement.Parse(ComparisonPicture.ToSvg(comparison, "generation/risky/rate", "recognition/auroc", 0.1, look));

        Assert.Equal(comparison.Runs.Select(run => $"runs/{run.Run}?a&b").Order(), picture.Elements().Where(one => one.Name.LocalName == "a").Select(link => link.Attribute("href")!.Value).Order());
        Assert.Equal("group", picture.Attribute("role")!.Value);
        Assert.Single(picture.Elements(), one => one.Attribute("class")?.Value == "front");
        Assert.Equal("#ffffff", picture.Elements().First(one => one.Name.LocalName == "rect").Attribute("fill")!.Value);
    }

    [Fact]
    public void LinePicture_LinesWithBands_AreDrawnOnce()
    {
        PictureLine line = new("a <b>", "a", 0, false, [1, 2, 3], [4, double.NaN, 5], [3, double.NaN, 4], [5, double.NaN, 6]);

        XElement picture = XElement.Parse(LinePicture.ToSvg("Loss", "Step", [line, line with { Label = "b", Low = [], High = [], Dashed = true }], PictureLook.Report));

        Assert.Equal("img", picture.Attribute("role")!.Value);
        Assert.Single(picture.Elements(), one => one.Attribute("class")?.Value == "band");
        string[] paths = [.. picture.Elements().Where(one => one.Attribute("class")?.Value == "line").Select(one => one.Attribute("d")!.Value)];
        Assert.Equal(2, paths.Length);
        Assert.All(paths, path => Assert.Equal(2, path.Split('M', 'L').Length - 1));
        Assert.DoesNotContain("NaN", picture.ToString());
        Assert.Equal("", LinePicture.ToSvg("Loss", "Step", [line with { Values = [double.NaN, double.NaN, double.NaN] }], PictureLook.Report));
    }

    private static Comparison Of(params (string Arm, double G, double R)[] arms) => new()
    {
        Study = "s",
        Arms = [.. arms.Select(arm => arm.Arm)],
        Seeds = [1],
        Amounts = [0.5],
        Missing = [],
        Metrics = [Generation, Recognition],
        Runs = [],
        Summaries = [.. arms.SelectMany(arm => new[] { Summary(arm.Arm, "g", arm.G), Summary(arm.Arm, "r", arm.R) })],
        Differences = [],
        Verdicts = [],
    };

    private static ArmSummary Summary(string arm, string metric, double mean) => new(arm, 0.5, metric, mean, double.NaN, double.NaN, double.NaN, 1);
}
