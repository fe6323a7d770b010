using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class TaggingPagesTests : PageTest
{
    [Fact]
    public void Render_NoJobs_SaysHowTheyCome() => Assert.Contains("a study's first step tags", Render<TaggingJobsPage>().Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_Jobs_ShowsProgressAndThroughput()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var rows = Render<TaggingJobsPage>().FindAll("tbody tr");

        // 1,500 documents in 50 s; 800 in 40 s, those of the attempt before not counted.
        Assert.Equal(["invented-base-live", SampleLab.TaggingJob], rows.Select(row => row.QuerySelector("th a")!.TextContent));
        Assert.Equal(["30.0", "20.0"], rows.Select(row => row.Children[6].TextContent.Trim()));
        Assert.Equal("1,500 / 4,000", rows[0].QuerySelector("[role=progressbar]")!.GetAttribute("aria-valuetext"));
        Assert.Equal("word list invented-lexicon", rows[1].Children[2].TextContent.Trim());
    }

    [Fact]
    public void Render_RunningJob_SaysHowLongItStillTakes()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Job("invented-base-live");

        // 2,500 documents are left.
        Assert.Contains("about 1 min 23 s", page.Find("dl").TextContent, StringComparison.Ordinal);
        Assert.Contains("once the job is complete", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_CompleteJob_ShowsScoresAndExamplesOfEveryBandBlurred()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Job(SampleLab.TaggingJob);

        Assert.NotEmpty(page.FindAll(".histogram rect"));
        Assert.Equal(["Benign", "Middle", "High-risk"], page.FindAll(".band").Select(band => band.GetAttribute("aria-label")!));
        Assert.All(page.FindAll(".band"), band => Assert.Equal(6, band.QuerySelectorAll("li").Length));
        Assert.Equal(18, page.FindAll(".band .told.blurred").Count);
        Assert.Equal(2, page.FindAll("section[aria-labelledby=attempts-title] tbody tr").Count);

        page.Find(".panel-head input[type=checkbox]").Change(true);

        Assert.Empty(page.FindAll(".band .told.blurred"));
        Assert.Contains("vorpag", page.FindAll(".band")[2].TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("vorpag", page.FindAll(".band")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_InTheAddress_DecideTheBands()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var page = Job(SampleLab.TaggingJob, "benign=0.5&high-risk=0.998");

        var bands = page.FindAll(".band");

        // Scores are 8e-6, 3e-5, 0.42, 0.9971 and 0.9993.
        Assert.Contains("0.9971", bands[1].TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("0.42", bands[1].TextContent, StringComparison.Ordinal);
        Assert.All(bands[2].QuerySelectorAll("li"), example => Assert.Contains("0.9993", example.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Threshold_MovedOnTheHistogram_GoesIntoTheAddress()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var page = Job(SampleLab.TaggingJob);
        var marks = page.FindAll("input[type=range]");

        marks[1].Input("0");
        page.FindAll("input[type=range]")[1].Change("0");

        Assert.EndsWith("?high-risk=0.5", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("No!")]
    public void Render_NoSuchJob_SaysSo(string id) => Assert.Contains("tagging job", Job(id).Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_CorpusWithAJob_ShowsItsScores()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Render<CorpusPage>(corpus => corpus.Add(it => it.Name, "invented-forum"));

        Assert.NotEmpty(page.FindAll(".histogram rect"));
        Assert.Equal(["812", "2.60"], page.FindAll("dl.facts > div").Where(fact => fact.Children[0].TextContent.EndsWith("per document", StringComparison.Ordinal)).Select(fact => fact.Children[1].TextContent));
    }

    private IRenderedComponent<TaggingJobPage> Job(string id, string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"tagging/{id}{(query.Length > 0 ? "?" : "")}{query}");
        return Render<TaggingJobPage>(job => job.Add(it => it.Id, id));
    }
}
