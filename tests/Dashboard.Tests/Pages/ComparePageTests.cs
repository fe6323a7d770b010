using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class ComparePageTests : PageTest
{
    public ComparePageTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public void Render_UnknownStudy_SaysThatThereIsNone() => Assert.Contains("There is no study", Render("nobody").Find("h1").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Render_CompletedStudy_ShowsVerdictsPictureSweepsAndResults()
    {
        var page = Render("quick-start");

        Assert.Equal(4, page.FindAll(".verdicts li").Count);
        Assert.Empty(page.FindAll(".verdicts .withheld"));
        Assert.Equal(3, page.FindAll(".picture svg").Count);
        Assert.NotEmpty(page.FindAll(".picture .front"));
        Assert.All(page.Find(".picture svg").QuerySelectorAll("a"), link => Assert.Contains(Lab.Runs.Keys, run => link.GetAttribute("href") == $"runs/{run}"));
        var row = page.FindAll("section[aria-label=Results] tbody tr").First(row => row.TextContent.Contains("masked", StringComparison.Ordinal));
        Assert.Equal(9, row.QuerySelectorAll("td").Length);
        Assert.DoesNotContain("NaN", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_IncompleteStudy_HasNoVerdictAndSaysWhatIsMissing()
    {
        var page = Render("invented-slurs-sweep");

        Assert.Empty(page.FindAll(".verdicts"));
        Assert.Contains("No verdict: the study is incomplete (running). Of 24 runs, 23 not trained", page.Find(".banner.held").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindComponents<ArmLosses>());
    }

    [Theory]
    [InlineData(1, "One seed: nothing can be said of chance")]
    [InlineData(2, "Two seeds")]
    public void Render_FewSeeds_SaysWhatCannotBeSaid(int seeds, string expected)
    {
        SampleLab.AddComparison(Lab, "quick-start", SampleComparison.Create("quick-start", [.. Enumerable.Range(1, seeds)], [0.05, 0.1]));

        var page = Render("quick-start");

        Assert.Contains(expected, page.Find(".banner.held").TextContent, StringComparison.Ordinal);
        Assert.Equal(4, page.FindAll(".verdicts .withheld").Count);
    }

    [Fact]
    public void Address_Choices_AreFollowedAndWritten()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("studies/quick-start/compare?amount=0.05&recognition=recognition/f1&reference=full&band=range&left=full&right=masked");

        var page = Render("quick-start");

        Assert.Equal("Recognition F1 against Expected maximum toxicity", page.Find(".chart-frame h3").TextContent);
        Assert.Contains("Results, compared with full", page.Markup, StringComparison.Ordinal);
        Assert.Equal(BandKind.Range, page.FindComponent<ArmLosses>().Instance.Band);
        Assert.Equal(("full", "masked"), (page.FindComponent<ItemDifferences>().Instance.Left, page.FindComponent<ItemDifferences>().Instance.Right));
        page.Find("#recognition").Change("recognition/auroc");
        Assert.Contains("recognition=recognition%2Fauroc", navigation.Uri, StringComparison.Ordinal);
        Assert.Contains("band=range", navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_ByArm_HaveABandAndSeedsOnDemand()
    {
        var page = Render("quick-start");
        page.WaitForAssertion(() => Assert.All(page.FindComponent<LineChart>().Instance.Curves, curve => Assert.Equal(600, curve.Steps.Count)));
        var means = page.FindComponent<LineChart>().Instance.Curves;
        Assert.Equal(SampleLab.Arms, means.Select(curve => curve.Label));
        var step = Lab.Metrics.Where(run => run.Key.StartsWith("quick-start-masked-a100", StringComparison.Ordinal)).Select(run => run.Value[299].Loss).ToArray();
        Assert.Equal(3, step.Length);
        Assert.Equal(step.Average(), means[2].Values[299], 12);
        Assert.True(means[2].Low[299] < step.Average() && means[2].High[299] > step.Average());

        page.FindAll(".choices .check input")[1].Change(true);

        page.WaitForAssertion(() => Assert.Equal(12, page.FindComponent<LineChart>().Instance.Curves.Count(curve => curve.Thin)));
    }

    [Fact]
    public void Items_MaskedAgainstLowRisk_ShowsWhatOnlyMaskedRecognisesBlurred()
    {
        var page = Render("quick-start");
        page.WaitForElement(".items .told");

        var rows = page.FindAll(".items tbody tr");
        Assert.Single(rows);
        Assert.Contains("3 of 3", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("blurred", rows[0].QuerySelector(".told")!.ClassList);
        Assert.Contains("masked alone recognises 1, low-risk alone 1, both 38, neither 0", Words(page.Find(".tally")), StringComparison.Ordinal);

        Section(page, "items-title").QuerySelector(".check input")!.Change(true);

        page.WaitForAssertion(() => Assert.DoesNotContain("blurred", page.Find(".items .told").ClassList));
        Assert.Equal(Lab.Documents["invented-forum"].Single(document => document.Id == SampleItems.OnlyMasked).Text, page.Find(".items .told").TextContent);
    }

    [Fact]
    public void Items_MaskedAgainstLowRisk_AreComparedWithAnIntervalOverSeedsAndComments()
    {
        var page = Render("quick-start");
        page.WaitForAssertion(() => Assert.Contains("On the same 40 comments", page.Find(".on-the-same").TextContent, StringComparison.Ordinal), TimeSpan.FromMinutes(1));

        // Each arm puts one of its 20 high-risk comments below all benign ones: equal areas, and which comments are drawn decides.
        Assert.Matches(
            @"AUROC of masked minus that of low-risk: 0\.000 \(95 % interval [-−]0\.\d+ to \+0\.\d+, bootstrap over 3 seeds, then over comments, too narrow with so few seeds\)", Words(page.Find(".on-the-same")));
    }

    [Fact]
    public void ItemsAndGenerations_ContinuedStudy_AreThoseAfterTheAddedSteps()
    {
        SampleLab.Continue(Lab, "quick-start", 900);
        foreach (var run in Lab.Studies["quick-start"].Runs)
        {
            // As if the added steps had made masked of low-risk and the other way round: each recognises what the other did.
            var arm = run.Arm switch { "masked" => "low-risk", "low-risk" => "masked", _ => run.Arm };
            Lab.Artefacts[ArtefactNames.Evaluation($"{run.Id}-recognition-t900")] = SampleItems.Recognition(arm, run.Seed);
            Lab.Artefacts[ArtefactNames.Evaluation($"{run.Id}-generation-t900")] = SampleItems.Generation("continued", run.Seed);
        }

        var page = Render("quick-start");

        page.WaitForElement(".items .told");
        Section(page, "items-title").QuerySelector(".check input")!.Change(true);
        page.WaitForAssertion(() => Assert.Equal(Lab.Documents["invented-forum"].Single(document => document.Id == SampleItems.OnlyLowRisk).Text, page.Find(".items .told").TextContent));
        page.WaitForElement(".arms-grid");
        Assert.All(page.FindAll(".arms-grid article"), arm => Assert.Contains("by continued", arm.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Generations_OnePrompt_StandsSideBySideEncodedAndBlurred()
    {
        var page = Render("quick-start");
        page.WaitForElement(".arms-grid");

        Assert.Equal(SampleLab.Arms, page.FindAll(".arms-grid h3").Select(head => head.TextContent));
        Assert.NotEmpty(page.FindAll(".arms-grid li"));
        Assert.All(page.FindAll(".arms-grid li, blockquote"), text => Assert.NotNull(text.QuerySelector(".told.blurred")));
        Assert.Empty(page.FindAll(".arms-grid script"));
        Assert.Contains("&lt;script&gt;", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["0.90", "0.90", "no score"], page.FindAll(".arms-grid article")[1].QuerySelectorAll(".score").Select(score => score.TextContent));

        page.FindAll(".prompt button")[1].Click();

        page.WaitForAssertion(() => Assert.Contains("prompt=prompt-2", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Contains("Melo tarin besuko 2", page.Find("blockquote").TextContent, StringComparison.Ordinal);
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal);

    private static IElement Section(IRenderedComponent<ComparePage> page, string title) => page.Find($"section[aria-labelledby={title}]");

    private IRenderedComponent<ComparePage> Render(string id) => Render<ComparePage>(page => page.Add(it => it.Id, id));
}
