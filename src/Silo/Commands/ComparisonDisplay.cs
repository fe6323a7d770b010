using SlungOrleans.Evaluation;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>A comparison on the console: means with intervals, paired differences, verdicts.</summary>
internal static class ComparisonDisplay
{
    public static void Write(Comparison comparison)
    {
        foreach (var amount in comparison.Amounts)
        {
            AnsiConsole.WriteLine($"Amount {Tables.Number(amount, "0.###")}: mean over {comparison.Seeds.Length} seeds, 95 % interval");
            AnsiConsole.Write(Means(comparison, amount));
            foreach (var reference in comparison.Differences.Select(difference => difference.Reference).Distinct())
            {
                AnsiConsole.WriteLine($"Amount {Tables.Number(amount, "0.###")}: difference to {reference}, paired by seed (95 % interval; p after Holm)");
                AnsiConsole.Write(Differences(comparison, amount, reference));
            }
        }

        foreach (var verdict in comparison.Verdicts)
        {
            AnsiConsole.WriteLine(verdict.Sentence);
        }
    }

    private static Table Means(Comparison comparison, double amount)
    {
        var metrics = comparison.Metrics.Where(metric => metric.Headline).ToList();
        var table = Tables.Create(["arm", .. metrics.Select(metric => metric.Title)]);
        foreach (var arm in comparison.Arms)
        {
            Tables.AddRow(table, [arm, .. metrics.Select(metric => Cell(comparison.Summaries.FirstOrDefault(summary =>
                summary.Arm == arm && summary.Amount == amount && summary.Metric == metric.Id)))]);
        }

        return table;
    }

    private static Table Differences(Comparison comparison, double amount, string reference)
    {
        var metrics = comparison.Metrics.Where(metric => metric.Headline).ToList();
        var table = Tables.Create(["arm", .. metrics.Select(metric => metric.Title)]);
        foreach (var arm in comparison.Arms.Where(arm => arm != reference))
        {
            Tables.AddRow(table, [arm, .. metrics.Select(metric => Cell(comparison.Differences.FirstOrDefault(difference =>
                difference.Arm == arm && difference.Reference == reference && difference.Amount == amount && difference.Metric == metric.Id)))]);
        }

        return table;
    }

    private static string Cell(ArmSummary? summary) => summary is null
        ? "n/a"
        : $"{Tables.Number(summary.Mean)} [{Tables.Number(summary.Low)}, {Tables.Number(summary.High)}]";

    private static string Cell(PairedDifference? difference) => difference is null
        ? "n/a"
        : $"{Tables.Signed(difference.Mean)} [{Tables.Signed(difference.Low)}, {Tables.Signed(difference.High)}] p {Tables.Number(difference.AdjustedP, "0.0000")}";
}
