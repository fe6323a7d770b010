using System.Globalization;
using System.Xml.Linq;
using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class EvaluationPagesTests : PageTest
{
    public EvaluationPagesTests() => Lab = SampleResults.Create(SampleLab.Now);

    [Fact]
    public void List_OfAStudy_FiltersBySuiteAndArm()
    {
        var all = List("?study=quick-start").FindAll("tbody tr");
        Assert.Equal(49, all.Count);

        var some = List("?study=quick-start&suite=recognition&arm=masked").FindAll("tbody tr");

        Assert.Equal(6, some.Count);
        Assert.Equal($"evaluations/{SampleResults.Recognition}", some[0].QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("auroc 0.7100", some[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void List_AnEvaluationComesBeforeTheOthers_TheirRowsAreTheSame()
    {
        var view = Lab.Evaluations[SampleResults.Recognition];
        Lab.Evaluations.Remove(SampleResults.Recognition);
        var page = List("?study=quick-start&suite=recognition&arm=masked");
        var before = page.FindComponents<StateBadge>().Select(badge => badge.Instance).ToArray();

        Lab.Evaluations[SampleResults.Recognition] = view;
        Time.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll("tbody tr").Count));
        Assert.Equal(5, before.Length);
        Assert.Equal(before, page.FindComponents<StateBadge>().Skip(1).Select(badge => badge.Instance));
    }

    [Fact]
    public void List_ContinuedStudy_ShowsTheEvaluationsAfterTheAddedSteps()
    {
        SampleLab.Continue(Lab, "quick-start", 900);
        SampleResults.AddAfter(Lab, 900);

        var links = List("?study=quick-start").FindAll("tbody a").Select(link => link.GetAttribute("href"));

        Assert.Equal([$"evaluations/{SampleResults.Recognition}-t900"], links);
    }

    [Fact]
    public void Recognition_AfterTheAddedSteps_ShowsTheItemsOfThatEvaluation()
    {
        SampleLab.Continue(Lab, "quick-start", 900);
        SampleResults.AddAfter(Lab, 900);

        var cells = Open($"{SampleResults.Recognition}-t900", "?probe=0&threshold=0").FindAll(".confusion tbody td").Select(cell => cell.TextContent.Split(' ')[0]);

        Assert.Equal(["1", "0", "0", "1"], cells);
    }

    [Fact]
    public void List_NoStudies_SaysHowTheyCome()
    {
        Lab = new InMemoryLab();

        Assert.Contains("There are no evaluations yet", Render<EvaluationsPage>().Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1.1)]
    [InlineData(1, -1.25)]
    public void Recognition_AtAThreshold_ConfusionAndFiguresAreCounted(int probe, double threshold)
    {
        var page = Open(SampleResults.Recognition, string.Create(CultureInfo.InvariantCulture, $"?probe={probe}&threshold={threshold}"));

        var items = SampleResults.RecognitionItems.Where(item => item.Resample == probe).ToArray();
        int Count(bool label, bool called) => items.Count(item => item.HighRisk == label && item.Score > threshold == called);
        var cells = page.FindAll(".confusion tbody td").Select(cell => cell.TextContent.Split(' ')[0]);
        Assert.Equal(new[] { Count(true, true), Count(true, false), Count(false, true), Count(false, false) }.Select(count => $"{count}"), cells);
        double precision = Count(true, true) / (double)(Count(true, true) + Count(false, true)), recall = Count(true, true) / 12.0;
        var balanced = (recall + (Count(false, false) / 12.0)) / 2;
        Assert.Equal(
            new[] { 2 * precision * recall / (precision + recall), precision, recall, balanced }.Select(value => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
            page.FindAll(".live dd").Take(4).Select(figure => double.Parse(figure.TextContent, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Recognition_Slider_MovesTheFiguresAndTheAddressFollows()
    {
        var page = Open(SampleResults.Recognition);
        var before = page.Find(".confusion").TextContent;

        page.Find("#threshold").Input("2");
        Assert.NotEqual(before, page.Find(".confusion").TextContent);
        page.Render();
        Assert.Equal("2.00", page.Find("output").TextContent);
        page.Find("#threshold").Change("2");

        Assert.EndsWith("?threshold=2", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognition_BackToZeroWhileSliding_IsZero()
    {
        var page = Open(SampleResults.Recognition);
        page.Find("#threshold").Input("2");

        page.FindAll("button").First(button => button.TextContent == "Back to 0").Click();

        Assert.Equal("0.00", page.Find("output").TextContent);
    }

    [Fact]
    public void Recognition_Examples_TheMostMistakenStandFirstAndHighRiskIsBlurred()
    {
        var page = Open(SampleResults.Recognition);

        var rows = page.FindAll("section[aria-labelledby=examples-title] tbody tr");
        var margins = SampleResults.RecognitionItems.Where(item => item.Resample == 0).Select(item => item.HighRisk ? item.Score : -item.Score).Order();
        Assert.Equal(
            margins.Take(20).Select(margin => Math.Abs(margin)),
            rows.Select(row => Math.Abs(double.Parse(row.Children[2].TextContent.Replace('\u2212', '-'), CultureInfo.InvariantCulture))));
        Assert.All(rows, row => Assert.Equal(row.Children[1].TextContent == "high-risk", row.QuerySelector(".told.blurred") is not null));
        Assert.Contains("[page", rows.First(row => row.Children[1].TextContent == "benign").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognition_CurvesTakenAway_CsvHasEveryThresholdAndThePictureBothLines()
    {
        var charts = Open(SampleResults.Recognition).FindComponents<ChartFrame>();

        Assert.Equal(["ROC", "PR"], charts.Select(chart => chart.Instance.Title));
        var scores = SampleResults.RecognitionItems.Where(item => item.Resample == 0).Select(item => item.Score).ToHashSet();
        var lines = charts[0].Instance.Csv().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(scores.Count + 2, lines.Length);
        Assert.EndsWith("0,0,12,12,0,0", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("12,12,0,0,1,1", lines[^1], StringComparison.Ordinal);
        Assert.All(charts, chart => Assert.Equal(2, XDocument.Parse(chart.Instance.Picture()).Descendants().Count(element => (string?)element.Attribute("class") == "line")));
    }

    [Fact]
    public void Recognition_MissedAndSearch_NarrowTheExamples()
    {
        var page = Open(SampleResults.Recognition);

        page.FindAll(".segments button").First(button => button.TextContent == "Missed").Click();
        Assert.All(page.FindAll("section[aria-labelledby=examples-title] tbody tr"), row => Assert.Equal("missed", row.Children[4].TextContent));
        Assert.Equal("1–3 of 3", page.Find(".pager span").TextContent);
        page.Find("#examples-search").Change("doc-00016");

        Assert.Single(page.FindAll("section[aria-labelledby=examples-title] tbody tr"));
    }

    [Fact]
    public void Recognition_Lineage_NamesCheckpointDataAndSettings()
    {
        var lineage = Open(SampleResults.Recognition).Find(".lineage").TextContent;

        Assert.All([new string('e', 64), new string('d', 64), "600", "invented-forum"], value => Assert.Contains(value, lineage, StringComparison.Ordinal));
    }

    [Fact]
    public void Generation_Items_TheHighestScoreFirstBlurredAndEncoded()
    {
        var page = Open(SampleResults.Generation);

        var first = page.FindAll("section[aria-labelledby=items-title] tbody tr")[0];
        Assert.Equal("1.00", first.Children[3].TextContent);
        Assert.NotNull(first.QuerySelector(".answer .told.blurred"));
        Assert.Empty(page.FindAll("script"));
        page.Find("#items-search").Change("vorpag");
        Assert.Single(page.FindAll("section[aria-labelledby=items-title] tbody tr"));
    }

    [Fact]
    public void Generation_ContinuationThatCouldNotBeScored_IsBlurred()
    {
        var page = Open(SampleResults.Generation);

        page.Find("#items-search").Change("besuko wan 8");

        page.WaitForAssertion(() => Assert.Single(page.FindAll("section[aria-labelledby=items-title] tbody tr")));
        var row = page.Find("section[aria-labelledby=items-title] tbody tr");
        Assert.Contains("not scored", row.TextContent, StringComparison.Ordinal);
        Assert.NotNull(row.QuerySelector(".answer .told.blurred"));
    }

    [Fact]
    public void Replies_Items_TheMostWrongFirstWithTheirTexts()
    {
        var first = Open(SampleResults.Replies).FindAll("section[aria-labelledby=items-title] tbody tr")[0];

        Assert.Equal(["doc-00002", "high-risk", "−15.00", "−12.00", "no"], first.Children.Where((_, column) => column != 1).Select(cell => cell.TextContent));
        Assert.NotNull(first.QuerySelector(".told.blurred"));
    }

    [Fact]
    public void Render_ResultGoneOrBroken_SaysSo()
    {
        Lab.Artefacts.Remove(ArtefactNames.Evaluation(SampleResults.Generation));
        Lab.Artefacts[ArtefactNames.Evaluation(SampleResults.Replies)] = "{ broken";

        Assert.Contains("not in the store any more", Open(SampleResults.Generation).Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("suite result", Open(SampleResults.Replies).Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_UnknownEvaluation_IsNotFound() => Assert.Contains("There is no evaluation", Open("nothing").Markup, StringComparison.Ordinal);

    private IRenderedComponent<EvaluationsPage> List(string query)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"evaluations{query}");
        return Render<EvaluationsPage>();
    }

    private IRenderedComponent<EvaluationPage> Open(string id, string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"evaluations/{id}{query}");
        var page = Render<EvaluationPage>(it => it.Add(evaluation => evaluation.Id, id));
        page.WaitForState(() => page.FindAll(".loading").Count == 0);

        // The reading was awaited on another thread: what it still draws comes before what the test does.
        page.InvokeAsync(() => { }).GetAwaiter().GetResult();
        return page;
    }
}
