using System.Collections.Immutable;
using System.Net;

namespace SlungOrleans.Evaluation;

/// <summary>A comparison as one HTML page that needs nothing else: no script, no request; the comparison is in it as JSON.</summary>
public static class ComparisonReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fbfbfa; --ink: #1c2024; --soft: #5a6169; --line: #d9dcdf; --card: #ffffff; --accent: #2f6fb5; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e5e7e9; --soft: #9aa2aa; --line: #31373d; --card: #1b1f23; --accent: #6ea8e6; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1120px; padding: 2rem 1rem 4rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { margin: 2.4rem 0 .6rem; font-size: 1.15rem; }
        .facts, .note { color: var(--soft); }
        .facts { margin: .3rem 0 0; }
        .note { margin: .4rem 0 0; font-size: .85rem; max-width: 46rem; }
        ul.verdicts { list-style: none; margin: .6rem 0 0; padding: 0; display: grid; gap: .6rem; }
        ul.verdicts li { padding: .7rem .9rem; background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; overflow-wrap: break-word; }
        ul.verdicts li.withheld { border-left-color: var(--soft); color: var(--soft); }
        .pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
        figure { margin: 0; padding: .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
        figure svg { display: block; width: 100%; max-width: 480px; height: auto; margin: 0 auto; }
        figure.wide { grid-column: 1 / -1; }
        figure.wide svg { max-width: 760px; }
        figcaption { margin-bottom: .5rem; font-weight: 600; }
        .frame { margin-top: 1rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
        .frame:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        caption { padding: .6rem .8rem; text-align: left; font-weight: 600; }
        th, td { padding: .4rem .8rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
        thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
        tbody th { font-weight: 600; }
        td { white-space: nowrap; }
        td.n { font-variant-numeric: tabular-nums; }
        details { margin-top: 1rem; }
        summary { cursor: pointer; font-weight: 600; }
        @media print { body { max-width: none; } .frame { overflow: visible; } }
        """;

    /// <summary>Writes the page. Equal comparisons give equal pages.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="parts">What it shows besides.</param>
    /// <param name="writer">Receives the page.</param>
    public static void WriteHtml(Comparison comparison, ReportParts parts, TextWriter writer)
    {
        string title = WebUtility.HtmlEncode(comparison.Study);
        writer.Write(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{title} – comparison</title>
            <style>
            {Style}
            {ReportTexts.Style}
            </style>
            </head>
            <body>
            <header>
            <h1>{title}</h1>
            <p class="facts">{Encode(Facts(comparison))}</p>
            {(parts.Description.Length == 0 ? "" : $"<p>{Encode(parts.Description)}</p>")}
            </header>
            <main>

            """);
        WriteVerdicts(comparison, writer);
        WritePictures(comparison, parts.Pictures, writer);
        writer.Write("<h2>Results</h2>\n");
        foreach (double amount in comparison.Amounts)
        {
            ReportTables.Headline(comparison, amount).Write(writer);
            foreach (MetricDescription metric in comparison.Metrics.Where(metric => metric.Headline))
            {
                ReportTables.Differences(comparison, amount, metric).Write(writer);
            }
        }

        writer.Write($"<p class=\"note\">{Encode(ReportTables.DifferencesNote)}</p>\n");

        WriteAll("Everything measured", [
            .. comparison.Amounts.Select(amount => ReportTables.AllMetrics(comparison, amount)),
            .. comparison.Amounts.Select(amount => ReportTables.OtherDifferences(comparison, amount)),
            ReportTables.Runs(comparison)], writer);
        ReportTexts.Write(parts.Prompts, writer);
        if (!parts.Tables.IsEmpty)
        {
            WriteAll("How it was made", parts.Tables, writer);
        }

        // The writer of the JSON escapes <, > and &: nothing in it can end the element.
        writer.Write($"</main>\n<script type=\"application/json\" id=\"comparison\">\n{ComparisonJson.Write(comparison)}</script>\n</body>\n</html>\n");
    }

    private static string Facts(Comparison comparison) =>
        $"{SuiteRun.Count(comparison.Arms.Length, "arm", "arms")}, {SuiteRun.Count(comparison.Seeds.Length, "seed", "seeds")}, "
        + $"high-risk documents in {string.Join(", ", comparison.Amounts.Select(ComparisonPicture.Percent))} of the training sequences; "
        + $"{SuiteRun.Count(comparison.Runs.Length, "run", "runs")} with scores"
        + (comparison.Missing.IsEmpty ? "." : $", {comparison.Missing.Length} without or not with all of them.");

    private static void WriteVerdicts(Comparison comparison, TextWriter writer)
    {
        writer.Write("<h2>Verdicts</h2>\n");

        // An obstacle of the whole study is said once, not for every arm and amount.
        bool oneForAll = comparison.Verdicts.Select(verdict => verdict.Sentence).Distinct().Count() == 1;
        foreach (double amount in oneForAll ? comparison.Amounts[..1] : comparison.Amounts)
        {
            IEnumerable<Verdict> verdicts = comparison.Verdicts.Where(verdict => verdict.Amount == amount).Take(oneForAll ? 1 : int.MaxValue);
            bool fold = comparison.Amounts.Length > 1 && !oneForAll;
            writer.Write(fold ? $"<details{(amount == comparison.Amounts[^1] ? " open=\"\"" : "")}><summary>{ComparisonPicture.Percent(amount)} high-risk documents</summary>\n" : "");
            writer.Write($"<ul class=\"verdicts\">\n{string.Concat(verdicts.Select(Item))}</ul>\n");
            writer.Write(fold ? "</details>\n" : "");
        }
    }

    private static string Item(Verdict verdict)
    {
        bool named = verdict.Sentence.StartsWith(verdict.Arm + " ", StringComparison.Ordinal);
        string name = named ? $"<b>{Encode(verdict.Arm)}</b>" : "";
        return $"<li{(verdict.Given ? "" : " class=\"withheld\"")}>{name}{Encode(verdict.Sentence[(named ? verdict.Arm.Length : 0)..]).Replace(" %", "&nbsp;%")}</li>\n";
    }

    private static void WritePictures(Comparison comparison, ImmutableArray<ReportPicture> further, TextWriter writer)
    {
        string[] headline = [.. comparison.Metrics.Where(metric => metric.Headline).Select(metric => metric.Id)];
        string? generation = comparison.Metrics.FirstOrDefault(metric => metric is { Headline: true, Axis: MetricAxis.Generation })?.Id;
        string[] recognition = [.. headline.Where(id => id.StartsWith(Recognition.Suite, StringComparison.Ordinal))];
        List<(string Caption, string Svg)> pictures = [];
        if (comparison.Amounts.Length > 1)
        {
            pictures.AddRange(
                from metric in comparison.Metrics
                where metric.Headline
                select ($"{metric.Title} over amounts", ComparisonPicture.SweepToSvg(comparison, metric.Id)));
        }

        if (generation is not null)
        {
            pictures.AddRange(
                from amount in comparison.Amounts
                from metric in recognition
                select ($"{MetricCatalogue.ShortName(metric)} against generation{ReportTables.At(comparison, amount)}", ComparisonPicture.ToSvg(comparison, generation, metric, amount)));
        }

        pictures.RemoveAll(picture => picture.Svg.Length == 0);
        if (pictures.Count == 0 && further.IsEmpty)
        {
            return;
        }

        writer.Write("<h2>Pictures</h2>\n<div class=\"pictures\">\n");
        foreach ((string caption, string svg) in pictures)
        {
            writer.Write($"<figure>\n<figcaption>{Encode(caption)}</figcaption>\n{svg}</figure>\n");
        }

        foreach (ReportPicture picture in further)
        {
            writer.Write($"<figure class=\"wide\">\n<figcaption>{Encode(picture.Caption)}</figcaption>\n{picture.Svg}");
            picture.Table.Write(writer);
            writer.Write("</figure>\n");
        }

        writer.Write("</div>\n<p class=\"note\">Small marks: seeds. Large marks: means over seeds with 95 % intervals; a line without a cap goes on beyond the picture. The tables below have the figures of these pictures.</p>\n");
    }

    private static void WriteAll(string title, IReadOnlyList<ReportTable> tables, TextWriter writer)
    {
        writer.Write($"<h2>{Encode(title)}</h2>\n");
        foreach (ReportTable table in tables)
        {
            table.Write(writer);
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
