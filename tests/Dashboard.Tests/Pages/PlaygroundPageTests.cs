using Bunit;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class PlaygroundPageTests : PageTest
{
    public PlaygroundPageTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public void Ask_EveryArm_AnswersSideBySideWithScores()
    {
        var page = Ask("Melo <b>tarin</b>");

        Assert.Equal(SampleLab.Arms, page.FindAll(".answer").Select(answer => answer.GetAttribute("aria-label")));
        Assert.All(page.FindAll(".answer"), answer => Assert.Equal(3, answer.QuerySelectorAll("li").Length));
        Assert.Equal("Melo <b>tarin</b>", page.Find("blockquote").TextContent);
        Assert.Contains("melo tarin <i>wan</i>", page.FindAll(".answer")[0].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".answer i:not(.swatch), .answer b, blockquote b"));
        Assert.Equal("benign", page.FindAll(".answer")[0].QuerySelector(".badge")!.TextContent);
        Assert.Contains("score 1.00, 1 listed word", page.FindAll(".answer")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_HighRiskAnswers_AreBlurredUntilAskedForAndTheirWordsMarked()
    {
        var page = Ask("Melo");
        Assert.Equal(3, page.FindAll(".answer .told.blurred").Count);
        Assert.Equal(3, page.FindAll(".answer")[1].QuerySelectorAll(".told.blurred").Length);

        page.FindAll(".exchange header button").First(button => button.TextContent == "Show").Click();

        Assert.Empty(page.FindAll(".answer .told.blurred"));
        Assert.Equal("[high-risk: vorpag]", page.Find(".answer mark.high-risk").TextContent);
    }

    [Fact]
    public void Ask_Twice_TheNewerStandsFirstAndTheOlderStays()
    {
        var page = Ask("first");
        page.Find("#prompt").Change("second");
        page.Find("form").Submit();

        Assert.Equal(["second", "first"], page.FindAll("blockquote").Select(quote => quote.TextContent));
        page.FindAll(".exchange")[1].QuerySelectorAll("button").First(button => button.TextContent == "Use again").Click();
        Assert.Equal("first", page.Find("#prompt").GetAttribute("value"));
    }

    [Fact]
    public void Stop_WhileAnArmIsAsked_EndsTheQuestion()
    {
        Lab.Models.Gates["full"] = new TaskCompletionSource().Task;
        var page = Ask("Melo");
        Assert.Contains("Waits for its answer", page.FindAll(".answer")[2].TextContent, StringComparison.Ordinal);

        page.FindAll("button").First(button => button.TextContent.Contains("Stop", StringComparison.Ordinal)).Click();

        page.WaitForAssertion(() => Assert.Contains("Stopped.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Not asked", page.FindAll(".answer")[2].TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".answer")[0].QuerySelectorAll("li"));
    }

    [Fact]
    public void Ask_ArmWithoutCheckpoint_SaysWhyAndTheOthersAnswer()
    {
        Lab.Models.Faults["masked"] = "Run 'x' has no checkpoint yet.";

        var answers = Ask("Melo").FindAll(".answer");

        Assert.Contains("has no checkpoint yet", answers[2].TextContent, StringComparison.Ordinal);
        Assert.Equal(3, answers[3].QuerySelectorAll("li").Length);
    }

    [Fact]
    public void Prompts_Opened_RiskyOnesAreBlurredAndOneClickTakesOne()
    {
        var page = Render<PlaygroundPage>(it => it.Add(playground => playground.Id, "quick-start"));
        page.Find("details.offers summary").Click();

        var offers = page.FindAll("details.offers li button");
        Assert.NotNull(offers[0].QuerySelector(".told.blurred"));
        Assert.DoesNotContain("vorpag", offers[0].GetAttribute("aria-label"), StringComparison.Ordinal);
        offers[1].Click();

        Assert.Equal("Melo tarin besuko", page.Find("#prompt").GetAttribute("value"));
    }

    [Fact]
    public void Prompts_RiskyOneTakenUnread_StaysBlurredUntilTheFieldIsEnteredOrItIsAskedFor()
    {
        var page = Render<PlaygroundPage>(it => it.Add(playground => playground.Id, "quick-start"));
        page.Find("details.offers summary").Click();

        page.Find("details.offers li button").Click();
        Assert.Contains("blurred", page.Find("#prompt").ClassList);
        page.Find("form").Submit();
        Assert.NotNull(page.Find("blockquote").QuerySelector(".told.blurred"));
        page.FindAll(".exchange header button").First(button => button.TextContent == "Show").Click();
        Assert.Null(page.Find("blockquote").QuerySelector(".told.blurred"));

        page.Find("#prompt").Focus();
        Assert.DoesNotContain("blurred", page.Find("#prompt").ClassList);
    }

    private IRenderedComponent<PlaygroundPage> Ask(string prompt)
    {
        var page = Render<PlaygroundPage>(it => it.Add(playground => playground.Id, "quick-start"));
        page.Find("#prompt").Change(prompt);
        page.Find("form").Submit();
        return page;
    }
}
