using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Exports;

/// <summary>
/// Names of an archive's entries. All of them follow from the specification, so that reading an archive never makes a path of what is written
/// in it.
/// </summary>
internal static class ArchiveEntries
{
    public const string Explanation = "README.txt";
    public const string SpecificationYaml = "specification.yaml";
    public const string Specification = "specification.json";
    public const string Study = "study.json";
    public const string Lineage = "lineage.json";
    public const string Plan = "plan.json";
    public const string Audit = "audit/audit.json";
    public const string AuditTable = "audit/audit.csv";
    public const string Comparison = "comparison/comparison.json";
    public const string Summaries = "comparison/summaries.csv";
    public const string Differences = "comparison/differences.csv";
    public const string Scores = "comparison/runs.csv";
    public const string Report = "report.html";
    public const string Manifest = "manifest.json";

    public static string Run(string run) => $"runs/{run}/run.json";

    public static string Metrics(string run) => $"runs/{run}/metrics.csv";

    public static string Certificate(string run) => $"runs/{run}/certificate.json";

    public static string Evaluation(string evaluation) => $"evaluations/{evaluation}/evaluation.json";

    public static string Result(string evaluation) => $"evaluations/{evaluation}/result.json";

    /// <summary>One line of JSON for every item: a probe's score of a document, a generation, a perplexity, a pair of replies.</summary>
    public static string Items(string evaluation) => $"evaluations/{evaluation}/items.jsonl";

    /// <summary>Ids of a study's runs: arm by arm, amount by amount, seed by seed.</summary>
    public static IEnumerable<string> RunsOf(StudySpecification study) =>
        from arm in study.Arms
        from amount in study.Amounts
        from seed in study.Seeds
        select Identifiers.ForRun(study.Name, arm.Name, seed, amount);

    /// <summary>Ids that evaluations of a study's run can have.</summary>
    public static IEnumerable<string> EvaluationsOf(string run, TrainingSpecification training) =>
        SuiteNames.All.Select(suite => Identifiers.ForEvaluation(run, suite, training));
}
