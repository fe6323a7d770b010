using System.CommandLine;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Exports;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run metrics</c>.</summary>
internal static class RunMetricsCommand
{
    public static Command Create()
    {
        var name = LabCommands.RunArgument();
        var segments = new Option<bool>("--segments") { Description = "By attempt, with the steps that a later attempt made again." };
        var csv = new Option<string?>("--csv") { Description = "Write the steps to this file, as CSV." };
        var command = new Command("metrics", "Shows or writes what a run recorded at every step.") { name, segments, csv };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => RunAsync(session, result.GetValue(name)!, result.GetValue(segments), result.GetValue(csv), cancellation), works: false));
        return command;
    }

    private static async Task<int> RunAsync(LabSession session, string id, bool bySegment, string? file, CancellationToken cancellation)
    {
        if (file is not null)
        {
            OutputFile.EnsureFolder(file);
        }

        var segments = await session.Lab.ReadMetricSegmentsAsync(id, cancellation);
        if (file is not null)
        {
            await using var csv = new MemoryStream(ToCsv(segments, bySegment), writable: false);
            await OutputFile.WriteAsync(file, csv, cancellation);
        }
        else if (bySegment)
        {
            WriteSegments(segments);
        }
        else
        {
            WritePoints(segments);
        }

        return 0;
    }

    /// <summary>Steps in order, each once; with superseded ones too if wanted, attempt by attempt and marked in a last column.</summary>
    internal static byte[] ToCsv(IEnumerable<MetricSegment> segments, bool withSuperseded) => withSuperseded
        ? MetricCsv.WriteMarked(segments.SelectMany(All).Select(pair => (pair.Point, pair.Segment.IsSuperseded(pair.Point))))
        : MetricCsv.Write(Effective(segments).Select(pair => pair.Point));

    private static void WriteSegments(ImmutableArray<MetricSegment> segments)
    {
        var table = Tables.Create("attempt", "from", "to", "steps", "superseded", "first loss", "last loss");
        foreach (var segment in segments)
        {
            Tables.AddRow(
                table, $"{segment.Epoch}", $"{segment.From}", $"{segment.To}", $"{segment.Points.Length}",
                segment.SupersededFrom is { } from ? $"{segment.Points.Count(segment.IsSuperseded)} (from {from})" : "",
                Tables.Number(segment.Points[0].Loss, "0.0000"), Tables.Number(segment.Points[^1].Loss, "0.0000"));
        }

        AnsiConsole.Write(table);
    }

    private static void WritePoints(ImmutableArray<MetricSegment> segments)
    {
        var table = Tables.Create("step", "loss", "cross-entropy", "unlikelihood", "learning rate", "gradient norm", "tokens/s", "attempt");
        foreach (var (_, point) in Effective(segments))
        {
            Tables.AddRow(
                table, $"{point.Step}", Tables.Number(point.Loss, "0.0000"), Tables.Number(point.CrossEntropy, "0.0000"), Tables.Number(point.Unlikelihood, "0.0000"),
                Tables.Number(point.LearningRate, "0.000000"), Tables.Number(point.GradientNorm), Tables.Number(point.TokensPerSecond, "0"), $"{point.Epoch}");
        }

        AnsiConsole.Write(table);
    }

    private static IEnumerable<(MetricSegment Segment, MetricPoint Point)> Effective(IEnumerable<MetricSegment> segments) =>
        segments.SelectMany(All).Where(pair => !pair.Segment.IsSuperseded(pair.Point)).OrderBy(pair => pair.Point.Step);

    private static IEnumerable<(MetricSegment Segment, MetricPoint Point)> All(MetricSegment segment) => segment.Points.Select(point => (segment, point));
}
