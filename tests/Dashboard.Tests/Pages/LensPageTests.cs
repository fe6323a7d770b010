using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class LensPageTests : PageTest
{
    public LensPageTests() => Lab = SampleLab.Create(SampleLab.Now);

    [Fact]
    public void Render_FirstDocument_EveryTokenHasItsLabelAndABarPerArm()
    {
        var page = Open();

        var document = Lab.Documents["invented-forum"][0];
        var tokens = page.FindAll(".token");
        Assert.Equal(document.Text.TrimEnd(), string.Concat(tokens.Select(WordOf)));
        Assert.All(tokens, token => Assert.Equal(4, token.QuerySelectorAll(".cell").Length));
        var highRisk = tokens.First(token => token.QuerySelector("mark.high-risk") is not null);
        Assert.Equal(["absent", "learnt", "ignored", "unlearnt"], highRisk.QuerySelectorAll(".cell").Select(cell => cell.ClassList[^1]));
        Assert.Equal(["step-1", "step-8", "step-1", "step-1"], highRisk.QuerySelectorAll(".cell").Select(cell => cell.ClassList[2]));
        Assert.Contains("low-risk: absent, 3e−4", highRisk.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HighRiskTokens_AreBlurredUntilAskedFor()
    {
        var page = Open();
        Assert.NotEmpty(page.FindAll(".token mark.high-risk .told.blurred"));
        page.FindAll("details.twin summary")[0].Click();
        Assert.NotEmpty(page.FindAll("details.twin .told.blurred"));
        Assert.DoesNotContain(page.FindAll("[title]"), element => element.GetAttribute("title")!.Contains("vorpag", StringComparison.Ordinal));

        page.FindAll("label.check").First(label => label.TextContent.Contains("Show high-risk", StringComparison.Ordinal)).QuerySelector("input")!.Change(true);

        Assert.Empty(page.FindAll(".told.blurred"));
        Assert.Contains(page.FindAll(".token mark.high-risk"), mark => mark.TextContent.Contains("high-risk: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_LeftAndRight_MoveTheChosenToken()
    {
        var page = Open();
        var tokens = page.Find(".tokens");
        tokens.KeyDown("ArrowRight");
        page.Find(".tokens").KeyDown("ArrowRight");

        Assert.Equal("token-1", page.Find(".tokens").GetAttribute("aria-activedescendant"));
        Assert.Contains("Token 2 of", page.Find(".detail").TextContent, StringComparison.Ordinal);
        Assert.Equal(["0.250", "0.350", "0.450", "0.550"], page.FindAll(".detail tbody tr").Select(row => row.Children[2].TextContent));
        page.Find(".tokens").KeyDown("ArrowLeft");
        page.Find(".tokens").KeyDown("ArrowLeft");
        Assert.Equal("token-0", page.Find(".tokens").GetAttribute("aria-activedescendant"));
    }

    [Fact]
    public void Next_IsInTheAddressAndShowsTheNextDocument()
    {
        var page = Open();
        page.FindAll(".walk button")[1].Click();
        Assert.EndsWith("?at=1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);

        page = Open("?at=1");

        Assert.Equal("doc-00003", page.Find(".walk .id").TextContent);
    }

    [Fact]
    public void Search_NothingFound_SaysSo() => Assert.Contains("No document fits", Open("?search=zzz").Markup, StringComparison.Ordinal);

    [Fact]
    public async Task Render_ArmThatWaits_TheOthersAreThereAlready()
    {
        var gate = new TaskCompletionSource();
        Lab.Models.Gates["masked"] = gate.Task;

        var page = Open();

        var table = page.Find("section[aria-label=Surprise]");
        Assert.Contains("step 600", table.QuerySelectorAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Equal("runs/quick-start-full-a50-s1", table.QuerySelectorAll("tbody tr")[1].QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("being asked", table.QuerySelectorAll("tbody tr")[2].TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(gate.SetResult);
        page.WaitForAssertion(() => Assert.DoesNotContain("being asked", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_RunWithoutCheckpoint_SaysWhyInItsRow()
    {
        Lab.Models.Faults["full"] = "Run 'x' has no checkpoint yet. It is running, at step 3 of 600.";

        var row = Open().FindAll("section[aria-label=Surprise] tbody tr")[1];

        Assert.Contains("has no checkpoint yet", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Surprise_HighRiskTokens_IsTheMeanOfTheirBits()
    {
        var row = Open().FindAll("section[aria-label=Surprise] tbody tr")[3];

        // -log2 0.0003 = 11.703, -log2 0.55 = 0.862.
        Assert.Equal("11.70", row.Children[^1].TextContent);
        Assert.Equal("0.86", row.Children[2].TextContent);
    }

    [Fact]
    public void OwnText_Asked_IsEncodedAndItsNoteShown()
    {
        var page = Open("?source=own");
        Assert.Empty(page.FindAll(".token"));
        page.Find("#lens-own").Change("melo <script>x</script>");
        page.Find("form.own").Submit();

        Assert.Equal("melo <script>x</script>", string.Concat(page.FindAll(".token").Select(WordOf)));
        Assert.Empty(page.FindAll("script"));
        Assert.Contains("Nothing can label this text", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnText_Refused_SaysWhy()
    {
        var page = Open("?source=own");
        page.Find("#lens-own").Change("refuse");
        page.Find("form.own").Submit();

        Assert.Equal("The text cannot be read.", page.Find("[role=alert] span:last-child").TextContent);
    }

    [Fact]
    public async Task Dispose_WhileAnArmIsAsked_TheQuestionIsCancelled()
    {
        Lab.Models.Gates["low-risk"] = new TaskCompletionSource().Task;
        Open();

        await DisposeComponentsAsync();

        Assert.Equal(["low-risk"], Lab.Models.Cancelled);
    }

    [Fact]
    public void Render_UnknownStudy_IsNotFound() =>
        Assert.Contains("There is no study", Render<LensPage>(page => page.Add(it => it.Id, "nobody")).Markup, StringComparison.Ordinal);

    private static string WordOf(IElement token)
    {
        var word = (IElement)token.QuerySelector("mark")!.Clone(deep: true);
        foreach (var hidden in word.QuerySelectorAll(".sr-only"))
        {
            hidden.Remove();
        }

        return word.TextContent;
    }

    private IRenderedComponent<LensPage> Open(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"studies/quick-start/lens{query}");
        return Render<LensPage>(page => page.Add(it => it.Id, "quick-start"));
    }
}
