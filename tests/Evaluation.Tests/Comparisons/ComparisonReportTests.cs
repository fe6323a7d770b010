using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SlungOrleans.Evaluation.Tests;

public sealed class ComparisonReportTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    public void WriteHtml_AnyStudy_IsOnePageWithoutScriptOrRequest(int seeds, int amounts)
    {
        Comparison comparison = Studies.Typical([.. Enumerable.Range(1, seeds)], [.. Enumerable.Range(1, amounts).Select(i => 0.1 * i)]);

        string html = Write(comparison);

        Assert.DoesNotMatch("<script(?! type=\"application/json\")", html);
        Assert.DoesNotMatch("(?i)\\b(src|href|action|srcset)\\s*=|url\\(|@import|\\son\\w+\\s*=", html);
        Assert.All(Regex.Matches(html, "https?://[^\"\\s<]+"), address => Assert.Equal("http://www.w3.org/2000/svg", address.Value));
        Assert.Equal(comparison.Verdicts.Count(verdict => verdict.Given), Regex.Count(html, "<li><b>"));
        Assert.All(Body(html).Descendants("table"), table => Assert.NotEmpty(table.Elements("caption")));
        Assert.All(Body(html).Descendants("th"), cell => Assert.NotNull(cell.Attribute("scope")));
        Assert.Equal(html, Write(comparison));
        Assert.EndsWith("</html>\n", html);
    }

    [Fact]
    public void WriteHtml_Comparison_IsInThePageAndCanBeRead()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1]);

        string json = Regex.Match(Write(comparison), "<script type=\"application/json\" id=\"comparison\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;

        Assert.Equal(ComparisonJson.Write(comparison), ComparisonJson.Write(ComparisonJson.Read(json)));
    }

    [Fact]
    public void WriteHtml_HostileNames_AreText()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)>&\"'";
        string[] arms = ["low-risk", Hostile];
        List<RunScores> runs = Studies.Runs(
            arms, [1, 2], [0.1], (arm, seed, _) => [("recognition/auroc", 0.5 + (0.01 * seed * arm.Length)), ("generation/risky/rate", 0.1 * seed), ($"{Hostile}", seed)]);
        Comparison comparison = ComparisonBuilder.Build(Hostile, arms, [1, 2], [0.1], Studies.Ids(runs), runs);

        string html = Write(comparison, new ReportTable(Hostile, [Hostile, "b"], [[Hostile, Hostile]]) { Note = Hostile, Folded = true });

        Assert.DoesNotContain("<img", html);
        Assert.Equal(1, Regex.Count(html, "</script>"));
        Assert.Equal(Hostile, Body(html).Descendants("h1").Single().Value);
        Assert.Contains(Body(html).Descendants("caption"), caption => caption.Value == Hostile);
    }

    [Fact]
    public void WriteHtml_Tables_ShowWhatTheComparisonHolds()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1]);

        XElement body = Body(Write(comparison, new ReportTable("Audit", ["Arm", "Tokens"], [["masked", "12345"]])));

        ArmSummary masked = comparison.Summaries.First(one => one.Arm == "masked");
        string expected = FormattableString.Invariant($"{masked.Mean:0.000} ({masked.Low:0.000} to {masked.High:0.000})");
        Assert.Equal(expected, Row(body, "Headline results", "masked")[1]);
        PairedDifference difference = comparison.Differences.Single(one => one is { Arm: "masked", Reference: "low-risk", Metric: "recognition/auroc" });
        string[] cells = Row(body, "Recognition: AUROC – differences paired by seed", "masked minus low-risk");
        Assert.Equal(FormattableString.Invariant($"+{difference.Mean:0.000}"), cells[1]);
        Assert.Equal("3", cells[^1]);
        Assert.Equal(["masked", "12345"], Row(body, "Audit", "masked"));
        Assert.Equal(12, body.Descendants("table").Single(table => table.Element("caption")!.Value == "Runs").Descendants("tr").Count() - 1);
    }

    [Fact]
    public void WriteHtml_Parts_HaveEveryTextEncodedAndBlurred()
    {
        const string Hostile = "</span><img src=x onerror=alert(1)>&\"'";
        string svg = LinePicture.ToSvg("loss", "step", [new PictureLine("masked", "masked", 0, false, [1, 2, 3], [3, 2, 1], [], [])], PictureLook.Report);
        var parts = new ReportParts
        {
            Description = Hostile,
            Pictures = [new ReportPicture(Hostile, svg, new ReportTable("Loss", ["Step", "masked"], [["1", "3.000"]]))],
            Prompts = [new ReportPrompt(Hostile, Hostile, [new ReportAnswer(Hostile, 7, Hostile, 0.25), new ReportAnswer("full", 8, "fine", null)])],
        };
        using var writer = new StringWriter();

        ComparisonReport.WriteHtml(Studies.Typical([1, 2, 3], [0.1]), parts, writer);

        string html = writer.ToString();
        Assert.DoesNotContain("<img", html);
        XElement body = Body(html);
        Assert.Equal([Hostile, Hostile, "fine"], body.Descendants("span").Where(span => (string?)span.Attribute("class") == "told").Select(span => span.Value));
        Assert.Single(body.Descendants(), path => path.Name.LocalName == "path" && (string?)path.Attribute("class") == "line");
        Assert.Equal(["1", "3.000"], Row(body, "Loss", "1"));
        Assert.Equal(["7", "0.250", Hostile], body.Descendants("tr").Single(row => row.Elements("th").FirstOrDefault()?.Value == Hostile && row.Elements("td").Any()).Elements("td").Select(cell => cell.Value));
    }

    [Fact]
    public void WriteHtml_MissingRuns_SaysSoOnce()
    {
        Comparison comparison = Studies.Typical([1, 2, 3], [0.1, 0.2], run => run is not { Arm: "full", Seed: 2 });

        string html = Write(comparison);

        Assert.Equal(1, Regex.Count(html, "<li class=\"withheld\">no verdict: 2 of 24 runs have no scores"));
        Assert.Equal(1, Regex.Count(html, "<li[ >]"));
        Assert.Contains("22 runs with scores, 2 without or not with all of them.", html);
    }

    [Fact]
    public void WriteHtml_TableWithRaggedRows_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Write(Studies.Typical([1, 2], [0.1]), new ReportTable("t", ["a", "b"], [["1"]])));

    private static string Write(Comparison comparison, params ReportTable[] sections)
    {
        using var writer = new StringWriter();
        ComparisonReport.WriteHtml(comparison, new ReportParts { Tables = [.. sections] }, writer);
        return writer.ToString();
    }

    // What follows the head is well-formed XML but for HTML's own entities.
    private static XElement Body(string html)
    {
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        return XElement.Parse(body.Replace("&nbsp;", "&#160;", StringComparison.Ordinal));
    }

    private static string[] Row(XElement body, string caption, string name) =>
        [.. body.Descendants("table").Single(table => table.Element("caption")!.Value == caption)
            .Descendants("tr").Single(row => row.Elements().First().Value == name).Elements().Select(cell => cell.Value)];
}
