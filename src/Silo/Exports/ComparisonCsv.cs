using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Silo.Exports;

/// <summary>A comparison as tables for a spreadsheet, every number with all of its digits.</summary>
internal static class ComparisonCsv
{
    public static string Summaries(Comparison comparison)
    {
        var csv = new CsvTable("metric", "title", "arm", "amount", "mean", "low (95 %)", "high (95 %)", "standard deviation", "seeds");
        foreach (var one in comparison.Summaries)
        {
            csv.Text(one.Metric).Text(TitleOf(comparison, one.Metric)).Text(one.Arm).Number(one.Amount)
                .Number(one.Mean).Number(one.Low).Number(one.High).Number(one.StandardDeviation).Number(one.N).EndRow();
        }

        return csv.ToString();
    }

    public static string Differences(Comparison comparison)
    {
        var csv = new CsvTable(
            "metric", "title", "arm", "reference", "amount", "difference", "low (95 %)", "high (95 %)", "effect size d_z", "p", "p (Holm)", "smallest detectable", "pairs");
        foreach (var one in comparison.Differences)
        {
            csv.Text(one.Metric).Text(TitleOf(comparison, one.Metric)).Text(one.Arm).Text(one.Reference).Number(one.Amount)
                .Number(one.Mean).Number(one.Low).Number(one.High).Number(one.EffectSize).Number(one.P).Number(one.AdjustedP).Number(one.SmallestDetectable).Number(one.N).EndRow();
        }

        return csv.ToString();
    }

    public static string Scores(Comparison comparison)
    {
        var csv = new CsvTable(["run", "arm", "seed", "amount", .. comparison.Metrics.Select(metric => metric.Id)]);
        foreach (var run in comparison.Runs)
        {
            csv.Text(run.Run).Text(run.Arm).Number(run.Seed).Number(run.Amount);
            foreach (var metric in comparison.Metrics)
            {
                csv.Number(run.Metrics.TryGetValue(metric.Id, out var value) ? value : null);
            }

            csv.EndRow();
        }

        return csv.ToString();
    }

    private static string TitleOf(Comparison comparison, string metric) => comparison.Metrics.FirstOrDefault(one => one.Id == metric)?.Title ?? metric;
}
