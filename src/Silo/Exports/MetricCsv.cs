using System.Globalization;
using System.Text;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Exports;

/// <summary>A run's metrics as CSV (RFC 4180), every number with all of its digits; what is not a number is an empty cell.</summary>
internal static class MetricCsv
{
    private const string Header = "step,loss,cross-entropy,unlikelihood,learning-rate,gradient-norm,loss-bearing-share,tokens-per-second,attempt";
    private const int Columns = 9;

    public static byte[] Write(IEnumerable<MetricPoint> points) => Write("", points.Select(point => (point, "")));

    /// <summary>As the other, with a last column for steps that a later attempt made again: 1, else 0. <see cref="Read"/> does not know it.</summary>
    public static byte[] WriteMarked(IEnumerable<(MetricPoint Point, bool Superseded)> points) =>
        Write(",superseded", points.Select(pair => (pair.Point, pair.Superseded ? ",1" : ",0")));

    /// <summary>Reads what <see cref="Write(IEnumerable{MetricPoint})"/> wrote of points attempt by attempt, and in each step by step.</summary>
    /// <exception cref="LabException">A line is not one of metrics; the message names the entry and the line.</exception>
    public static ImmutableArray<MetricPoint> Read(Stream content, string entry)
    {
        using var reader = new StreamReader(content, Encoding.UTF8);
        if (reader.ReadLine() != Header)
        {
            throw new LabException($"The archive's entry '{entry}', line 1: the columns {Header} are expected.");
        }

        var points = ImmutableArray.CreateBuilder<MetricPoint>();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            var cells = text.Split(',');
            if (cells.Length != Columns
                || !long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
                || !long.TryParse(cells[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                || !TryReadNumbers(cells.AsSpan(1, Columns - 2), out var numbers))
            {
                throw new LabException($"The archive's entry '{entry}', line {line}: {Columns} numbers are expected.");
            }

            if (points.Count > 0 && (epoch < points[^1].Epoch || (epoch == points[^1].Epoch && step <= points[^1].Step)))
            {
                throw new LabException($"The archive's entry '{entry}', line {line}: step {step} of attempt {epoch} cannot follow step {points[^1].Step} of attempt {points[^1].Epoch}.");
            }

            points.Add(new MetricPoint(step, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], epoch));
        }

        return points.ToImmutable();
    }

    private static byte[] Write(string lastColumn, IEnumerable<(MetricPoint Point, string LastCell)> points)
    {
        var text = new StringBuilder(Header).Append(lastColumn).Append("\r\n");
        foreach (var (point, lastCell) in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Step},{Cell(point.Loss)},{Cell(point.CrossEntropy)},{Cell(point.Unlikelihood)},{Cell(point.LearningRate)},");
            text.Append(CultureInfo.InvariantCulture, $"{Cell(point.GradientNorm)},{Cell(point.LossBearingShare)},{Cell(point.TokensPerSecond)},{point.Epoch}{lastCell}\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static bool TryReadNumbers(ReadOnlySpan<string> cells, out double[] numbers)
    {
        numbers = new double[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            numbers[i] = double.NaN;
            if (cells[i].Length > 0 && !double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Cell(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
