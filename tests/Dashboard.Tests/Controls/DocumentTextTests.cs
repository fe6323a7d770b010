using AngleSharp.Dom;
using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class DocumentTextTests : PageTest
{
    private const string Script = "<script>alert('vorpag')</script> & <b>bold</b>";

    [Fact]
    public void Render_Markup_IsEncoded()
    {
        var document = Render(new DocumentView("d", Script, null, null, [new SpanView(0, 8, 0.999, SpanLevel.HighRisk)]), show: true);

        Assert.Empty(document.FindAll("script"));
        Assert.Empty(document.FindAll(".text b"));
        Assert.Contains("&lt;script&gt;", document.Markup, StringComparison.Ordinal);
        Assert.Equal(Script, TextOf(document));
    }

    [Fact]
    public void Render_HighRiskSpan_IsBlurredUntilAskedFor()
    {
        var document = Render(Sample(), show: false);

        var hidden = document.Find("mark.high-risk .told.blurred");
        Assert.Equal("true", hidden.QuerySelector("span:not(.sr-only)")!.GetAttribute("aria-hidden"));
        Assert.Equal("vorpag", hidden.QuerySelector("[aria-hidden]")!.TextContent);
        Assert.Null(document.Find("mark.middle").QuerySelector(".blurred"));

        document.Find("button").Click();

        Assert.Null(document.Find("mark.high-risk").QuerySelector(".blurred"));
        Assert.Contains("score 0.999", document.Find("mark.high-risk").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HighRiskDocumentWithoutSpans_IsBlurredWhole()
    {
        var document = Render(new DocumentView("d", "nu vorpag", true, null, []), show: false);

        Assert.Contains("nu vorpag", document.Find("mark.high-risk .told.blurred").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BenignDocument_HasNothingToShow()
    {
        var document = Render(new DocumentView("d", "melo tarin", false, null, []), show: false);

        Assert.Empty(document.FindAll("button"));
        Assert.Empty(document.FindAll("mark"));
    }

    [Fact]
    public void Render_Levels_DifferInClassAndInWords()
    {
        var document = Render(Sample(), show: true);

        Assert.Equal(["[benign: ", "[middle: ", "[high-risk: "], document.FindAll("mark > .sr-only:first-child").Select(word => word.TextContent));
    }

    [Fact]
    public void Render_SpansBeyondTheTextOrIntoEachOther_TextStaysWhole()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 100; trial++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "ab \n<&"[random.Next(6)]));
            var spans = Enumerable.Range(0, random.Next(0, 6)).Select(_ => new SpanView(random.Next(-3, 45), random.Next(-3, 45), 0.5, (SpanLevel)random.Next(3)));

            Assert.Equal(text, TextOf(Render(new DocumentView("d", text, null, null, [.. spans]), show: true)));
        }
    }

    private static DocumentView Sample() => new(
        "d", "tari melo vorpag", null, null,
        [new SpanView(0, 4, 1e-5, SpanLevel.Benign), new SpanView(5, 9, 0.4, SpanLevel.Middle), new SpanView(10, 16, 0.999, SpanLevel.HighRisk)]);

    private static string TextOf(IRenderedComponent<DocumentText> document)
    {
        var text = (IElement)document.Find(".text").Clone(deep: true);
        foreach (var words in text.QuerySelectorAll(".sr-only"))
        {
            words.Remove();
        }

        return text.TextContent;
    }

    private IRenderedComponent<DocumentText> Render(DocumentView document, bool show) =>
        Render<DocumentText>(it => it.Add(text => text.Document, document).Add(text => text.ShowHighRisk, show));
}
