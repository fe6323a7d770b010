using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>Plain tables on the console; whatever is in a cell is text, never markup.</summary>
internal static class Tables
{
    public static Table Create(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    public static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    public static string Number(double value, string format = "0.000") =>
        double.IsNaN(value) ? "n/a" : value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>With a sign, but for what rounds to zero.</summary>
    public static string Signed(double value)
    {
        var rounded = Math.Round(value, 3);
        return rounded == 0 ? "0.000" : Number(rounded, "+0.000;-0.000");
    }

    /// <summary>A run's starts, oldest first, and what the end of each cost.</summary>
    public static void WriteAttempts(WorkView training, RunSpecification run)
    {
        var tokensPerStep = (long)run.Training.BatchSize * run.Model.SequenceLength;
        var table = Create("attempt", "started", "ended", "from", "to", "ended by", "lost steps", "lost tokens", "lost time", "");
        foreach (var attempt in training.Attempts)
        {
            AddRow(
                table, $"{attempt.Epoch}", Time(attempt.Started), attempt.Ended is { } ended ? Time(ended) : "", $"{attempt.From}", $"{attempt.Done}", ReasonOf(attempt),
                Count(attempt.UnitsLost), Count(attempt.UnitsLost * tokensPerStep), attempt.TimeLost is { } lost ? $"{lost.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : "", attempt.Message);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"{training.Starts} starts, {training.Failures} failures counted; lost in the attempts shown: {Count(training.Attempts.Sum(attempt => attempt.UnitsLost))} steps, {Count(training.Attempts.Sum(attempt => attempt.UnitsLost) * tokensPerStep)} tokens, {training.Attempts.Sum(attempt => attempt.TimeLost?.TotalSeconds ?? 0).ToString("0.0", CultureInfo.InvariantCulture)} s.");
    }

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string ReasonOf(Attempt attempt) => (attempt.State, attempt.Failure) switch
    {
        (WorkState.Queued, _) => "interruption",
        (WorkState.Failed, FailureKind.NodeLost) => "node lost",
        (WorkState.Failed, FailureKind.OutOfMemory) => "out of memory",
        (WorkState.Failed, FailureKind.Transient) => "transient failure",
        (WorkState.Failed, FailureKind.Poison) => "poison input",
        (WorkState.Failed, _) => attempt.Failure.ToString().ToLowerInvariant(),
        _ => attempt.State.ToString().ToLowerInvariant(),
    };

    /// <summary>A study's runs, with the verdicts of those that were verified.</summary>
    public static void WriteRuns(IEnumerable<StudyRun> runs)
    {
        var table = Create("run", "arm", "amount", "seed", "state", "step", "loss", "evaluated", "attempts", "resume", "");
        foreach (var (_, run, certificate) in runs)
        {
            AddRow(
                table, run.Id, run.Arm, Number(run.Amount, "0.###"), $"{run.Seed}", run.State.ToString().ToLowerInvariant(), $"{run.Step}/{run.Steps}", Number(run.Loss),
                $"{run.EvaluationsDone}/{run.Evaluations}", $"{run.Attempts}",
                certificate?.Verdict ?? "", run.Message);
        }

        AnsiConsole.Write(table);
    }
}
