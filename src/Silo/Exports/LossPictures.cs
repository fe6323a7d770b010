using System.Globalization;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Exports;

/// <summary>The losses of a study's arms over the steps as pictures of the report: means over seeds of means over stretches of steps.</summary>
internal static class LossPictures
{
    private const int MostStretches = 200;
    private const int TableRows = 10;

    public static async Task<ImmutableArray<ReportPicture>> OfAsync(Comparison comparison, int steps, IBlobStore store, CancellationToken cancellation)
    {
        var pictures = ImmutableArray.CreateBuilder<ReportPicture>();
        foreach (var amount in comparison.Amounts)
        {
            var stretches = Math.Clamp(steps, 1, MostStretches);
            var seeds = new List<(string Arm, double[] Losses)>();
            foreach (var run in comparison.Runs.Where(run => run.Amount == amount))
            {
                seeds.Add((run.Arm, await ReadAsync(store, run.Run, steps, stretches, cancellation)));
            }

            var arms = comparison.Arms.Select(arm => (Arm: arm, Points: MeansOf([.. seeds.Where(seed => seed.Arm == arm).Select(seed => seed.Losses)], steps, stretches)))
                .Where(arm => arm.Points.Length > 0)
                .ToImmutableArray();
            var caption = $"Loss as trained{(comparison.Amounts.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", {100 * amount:0.###} % high-risk documents") : "")}";
            var svg = LinePicture.ToSvg("loss as trained", "step", [.. arms.Select(arm => LineOf(arm.Arm, comparison.Arms.IndexOf(arm.Arm), arm.Points))], PictureLook.Report);
            if (svg.Length > 0)
            {
                pictures.Add(new ReportPicture(caption, svg, TableOf(caption, arms, steps, stretches)));
            }
        }

        return pictures.ToImmutable();
    }

    /// <summary>A run's mean loss in every stretch of steps; not a number where it has none.</summary>
    private static async Task<double[]> ReadAsync(IBlobStore store, string run, int steps, int stretches, CancellationToken cancellation)
    {
        var sums = new double[stretches];
        var counts = new int[stretches];
        foreach (var point in await MetricSegments.ReadAsync(store, run, 0, cancellation))
        {
            if (point.Step >= 1 && point.Step <= steps && double.IsFinite(point.Loss))
            {
                var stretch = (int)((point.Step - 1) * stretches / steps);
                sums[stretch] += point.Loss;
                counts[stretch]++;
            }
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.NaN : sum / count)];
    }

    private static ImmutableArray<LossPoint> MeansOf(ImmutableArray<double[]> seeds, int steps, int stretches)
    {
        var points = ImmutableArray.CreateBuilder<LossPoint>();
        for (var stretch = 0; stretch < stretches; stretch++)
        {
            double[] values = [.. seeds.Select(seed => seed[stretch]).Where(double.IsFinite)];
            if (values.Length > 0)
            {
                var mean = values.Average();
                var deviation = values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
                points.Add(new LossPoint(stretch, LastStepOf(stretch, steps, stretches), mean, deviation, values.Length));
            }
        }

        return points.ToImmutable();
    }

    private static long LastStepOf(int stretch, int steps, int stretches) => (((long)stretch + 1) * steps) / stretches;

    private static PictureLine LineOf(string arm, int colour, ImmutableArray<LossPoint> points)
    {
        var banded = points.Any(point => point.Seeds > 1);
        return new PictureLine(
            string.Create(CultureInfo.InvariantCulture, $"{arm}: {points[^1].Mean:0.000} at the end"),
            arm,
            colour,
            Dashed: false,
            [.. points.Select(point => (double)point.Step)],
            [.. points.Select(point => point.Mean)],
            banded ? [.. points.Select(point => point.Mean - point.Deviation)] : [],
            banded ? [.. points.Select(point => point.Mean + point.Deviation)] : []);
    }

    private static ReportTable TableOf(string caption, ImmutableArray<(string Arm, ImmutableArray<LossPoint> Points)> arms, int steps, int stretches)
    {
        var rows = Enumerable.Range(1, Math.Min(TableRows, stretches))
            .Select(row => (row * stretches / Math.Min(TableRows, stretches)) - 1)
            .Select(stretch => (ImmutableArray<string>)
            [
                LastStepOf(stretch, steps, stretches).ToString("N0", CultureInfo.InvariantCulture),
                .. arms.Select(arm => arm.Points.FirstOrDefault(point => point.Stretch == stretch) is { } point ? CellOf(point) : "–"),
            ]);
        var note = stretches < steps ? string.Create(CultureInfo.InvariantCulture, $" Each value is the mean of about {(double)steps / stretches:0} steps.") : "";
        return new ReportTable($"{caption}, as a table", ["Step", .. arms.Select(arm => arm.Arm)], [.. rows])
        {
            Folded = true,
            Note = $"Mean over seeds ± standard deviation; band in the picture: the same.{note}",
        };
    }

    private static string CellOf(LossPoint point) => point.Seeds < 2
        ? point.Mean.ToString("0.000", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{point.Mean:0.000} ± {point.Deviation:0.000}");

    private sealed record LossPoint(int Stretch, long Step, double Mean, double Deviation, int Seeds);
}
