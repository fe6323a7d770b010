using Bunit;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class ComparisonSectionTests : PageTest
{
    [Fact]
    public void Render_OneSeed_SaysNotAvailableAndNeverNaN()
    {
        var section = Render(SampleComparison.Create("s", [1], [0.05]));

        Assert.DoesNotContain("NaN", section.Markup, StringComparison.Ordinal);
        Assert.All(section.FindAll(".interval"), interval => Assert.Equal("n/a", interval.TextContent));
        Assert.All(DifferenceRows(section), row => Assert.Equal(["n/a", "n/a", "n/a", "n/a"], row[1..5]));
        Assert.All(DifferenceRows(section), row => Assert.Equal(["1", "n/a"], row[5..7]));
        Assert.All(section.FindAll(".verdicts li"), verdict => Assert.Contains("withheld", verdict.ClassList));
        Assert.Contains("no interval, N 1", section.Find("svg desc").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ThreeSeeds_ShowsTheFiguresOfTheComparison()
    {
        var comparison = SampleComparison.Create("s", [1, 2, 3], [0.05]);
        var section = Render(comparison);

        var expected = comparison.Summaries.Single(summary => summary.Arm == "masked" && summary.Metric == "recognition/auroc");
        var cell = section.FindAll("table.data")[0].QuerySelectorAll("tbody tr")[2].Children[1];
        Assert.Equal(expected.Mean, double.Parse(cell.ChildNodes[0].TextContent.Trim(), System.Globalization.CultureInfo.InvariantCulture), 3);
        Assert.Contains(" to ", cell.QuerySelector(".interval")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("3", section.FindAll("table.data")[0].QuerySelectorAll("tbody tr")[2].LastElementChild!.TextContent);
        Assert.Equal(4, section.FindAll("svg .mean").Count);
        Assert.Equal(4 * 3, section.FindAll("svg a .seed").Count);
        Assert.All(comparison.Runs, run => Assert.Single(section.FindAll("svg a"), link => link.GetAttribute("href") == $"runs/{run.Run}"));
    }

    [Theory]
    [InlineData(0.3, 0.04, true, "better")]
    [InlineData(0.3, 0.04, false, "worse")]
    [InlineData(-0.3, 0.04, false, "better")]
    [InlineData(-0.3, 0.06, true, "")]
    [InlineData(0.3, double.NaN, true, "")]
    public void Finding_DirectionAndP_GoTogether(double mean, double p, bool higherIsBetter, string expected)
    {
        var difference = new PairedDifference("a", "b", 0.05, "m", mean, 0, 0, 1, p, p, 0.1, 3);

        Assert.Equal(expected, Intervals.Finding(difference, new MetricDescription("m", "M", MetricAxis.Ability, higherIsBetter, true)));
    }

    [Fact]
    public void ChooseF1_InThePicture_ChangesTheAxis()
    {
        var section = Render(SampleComparison.Create("s", [1, 2, 3], [0.05]));
        Assert.Contains("Recognition AUROC (more is better)", section.Find("svg").TextContent, StringComparison.Ordinal);

        section.FindAll("figure .segments button").Single(button => button.TextContent == "Recognition F1").Click();

        Assert.Contains("Recognition F1 (more is better)", section.Find("svg").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ChooseAmount_Another_ShowsItsFigures()
    {
        var comparison = SampleComparison.Create("s", [1, 2, 3], [0.05, 0.1]);
        var section = Render(comparison);
        var before = section.FindAll("table.data")[0].TextContent;

        section.FindAll(".panel-head .segments button")[1].Click();

        Assert.NotEqual(before, section.FindAll("table.data")[0].TextContent);
    }

    [Fact]
    public void Render_MissingRuns_SaysThatTheStudyIsIncomplete()
    {
        var section = Render(SampleComparison.Create("s", [1, 2], [0.05]) with { Missing = ["s-full-a50-s2"], Verdicts = [] });

        Assert.Contains("no verdicts: 1 run has no scores (s-full-a50-s2)", section.Find(".banner").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Twin_Opened_SaysWhatThePictureShows()
    {
        var section = Render(SampleComparison.Create("s", [1, 2, 3], [0.05]));

        section.Find("figure button[aria-expanded]").Click();

        var rows = section.FindAll("figure table tbody tr");
        Assert.Equal(SampleLab.Arms, rows.Select(row => row.Children[0].TextContent));
        Assert.Contains("N = 3", rows[0].Children[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "There is no comparison in the store.")]
    [InlineData("{}", "cannot be read")]
    [InlineData("not json", "cannot be read")]
    public void Render_UnreadableArtefact_SaysWhy(string? json, string expected)
    {
        var section = Render<ComparisonSection>(it => it.Add(part => part.Study, "s").Add(part => part.Reading, ComparisonReading.Of(json)));

        Assert.Contains(expected, section.Find(".empty").TextContent, StringComparison.Ordinal);
    }

    private static string[][] DifferenceRows(IRenderedComponent<ComparisonSection> section) =>
        [.. section.FindAll("th.metric").Select(metric => metric.ParentElement!)
            .Select(row => row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToArray())];

    private IRenderedComponent<ComparisonSection> Render(Comparison comparison) =>
        Render<ComparisonSection>(it => it.Add(part => part.Study, comparison.Study).Add(part => part.Reading, ComparisonReading.Of(ComparisonJson.Write(comparison))));
}
