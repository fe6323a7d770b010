using System.Globalization;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Silo.Exports;

/// <summary>Lineage as tables of the report, hashes in full.</summary>
internal static class LineageTables
{
    public static ImmutableArray<ReportTable> ToTables(this StudyLineage lineage) =>
    [
        new ReportTable(
            "Lineage: study and corpora",
            ["What", "Version or hash", "Tagged by"],
            [
                ["lab", lineage.Lab, "–"],
                ["specification", lineage.Specification, "–"],
                ["tokenizer", OrDash(lineage.Tokenizer), "–"],
                .. lineage.Corpora.Select(corpus => (ImmutableArray<string>)[$"corpus {corpus.Name}", OrDash(corpus.Version), corpus.Tags ?? "–"]),
            ])
        {
            Folded = true,
            Note = "Hashes are SHA-256: the same hash, the same content.",
        },
        new ReportTable(
            "Lineage: runs",
            ["Run", "Data set", "Settings", "Code", "Step", "Weights"],
            [
                .. lineage.Runs.Select(run => (ImmutableArray<string>)
                    [run.Run, OrDash(run.Dataset), OrDash(run.Settings), OrDash(run.Code), run.Step.ToString("N0", CultureInfo.InvariantCulture), OrDash(run.Weights)]),
            ])
        {
            Folded = true,
        },
        new ReportTable("Lineage: evaluations", ["Evaluation", "Result"], [.. lineage.Evaluations.Select(evaluation => (ImmutableArray<string>)[evaluation.Evaluation, evaluation.Result])])
        {
            Folded = true,
        },
    ];

    private static string OrDash(string text) => text.Length == 0 ? "–" : text;
}
