using System.Globalization;
using SlungOrleans.Contracts;
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

    /// <summary>A study's runs, with the verdicts of those that were verified, by their ids.</summary>
    public static void WriteRuns(StudyView view, IReadOnlyDictionary<string, string> verdicts)
    {
        var table = Create("run", "arm", "amount", "seed", "state", "step", "loss", "evaluated", "attempts", "resume", "");
        foreach (var run in view.Runs)
        {
            AddRow(
                table, run.Id, run.Arm, Number(run.Amount, "0.###"), $"{run.Seed}", run.State.ToString().ToLowerInvariant(), $"{run.Step}/{run.Steps}", Number(run.Loss),
                $"{run.EvaluationsDone}/{run.Evaluations}", $"{run.Attempts}",
                verdicts.GetValueOrDefault(run.Id, ""), run.Message);
        }

        AnsiConsole.Write(table);
    }
}
