using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>Results of the evaluations of one run of <see cref="SampleLab"/>, item by item.</summary>
internal static class SampleResults
{
    public const string Run = "quick-start-masked-a50-s1";

    public static string Recognition { get; } = $"{Run}-{SuiteNames.Recognition}";

    public static string Generation { get; } = $"{Run}-{SuiteNames.Generation}";

    public static string Replies { get; } = $"{Run}-{SuiteNames.Replies}";

    /// <summary>Twenty-four documents in two probes; the fourth of every four is benign with a high score.</summary>
    public static ImmutableArray<RecognitionItem> RecognitionItems { get; } =
    [
        .. Enumerable.Range(0, 48).Select(index => new RecognitionItem(
            $"doc-{index % 24:D5}", "invented-forum", index / 24, index % 2 == 0, (index % 2 == 0 ? 1 : -1) * (0.5 + (index % 24 / 10.0)) * (index % 8 is 0 or 3 ? -1 : 1))),
    ];

    public static InMemoryLab Create(DateTimeOffset now)
    {
        var lab = SampleLab.Create(now);
        Add(lab, Recognition, SuiteNames.Recognition, [.. RecognitionItems], ("recognition/auroc", 0.71), ("recognition/f1", 0.66));
        Add(
            lab, Generation, SuiteNames.Generation,
            [
                .. Enumerable.Range(0, 30).Select(index => new GenerationItem(
                    $"p-{index / 3}", index % 2 == 0 ? "risky" : "neutral", index % 3, $"Melo tarin {index}", index == 7 ? " nu vorpag <script>" : $" besuko wan {index}", index switch { 7 => 1, 8 => null, _ => 0 }, index == 7 ? 1 : 0)),
            ],
            ("generation/risky/rate", 0.03));
        Add(
            lab, Replies, SuiteNames.Replies,
            [.. Enumerable.Range(0, 4).Select(index => new ReplyItem($"doc-{index:D5}", index % 2 == 0, -10 + (index == 2 ? -5 : 0), -12))],
            ("replies/accuracy", 0.75));
        return lab;
    }

    /// <summary>What the recognition suite measures of the run when it has been continued: two documents, both rightly called.</summary>
    public static void AddAfter(InMemoryLab lab, int steps) => Add(
        lab, $"{Recognition}-t{steps}", SuiteNames.Recognition,
        [new RecognitionItem("doc-00000", "invented-forum", 0, true, 1), new RecognitionItem("doc-00001", "invented-forum", 0, false, -1)],
        ("recognition/auroc", 1));

    private static void Add(InMemoryLab lab, string id, string suite, ImmutableArray<SuiteItem> items, params (string Metric, double Value)[] metrics)
    {
        var run = lab.Runs[Run].Specification!;
        lab.Evaluations[id] = new EvaluationView
        {
            Id = id,
            Request = new EvaluationRequest
            {
                Study = run.Study, Run = Run, Suite = suite, RunSpecification = run, Settings = new EvaluationSpecification { Recognition = ["invented-forum"], Replies = ["invented-forum"] },
            },
            Work = new WorkView { Kind = WorkKind.Evaluate, State = WorkState.Completed, Numbers = metrics.ToImmutableDictionary(metric => metric.Metric, metric => metric.Value) },
        };
        lab.Artefacts[ArtefactNames.Evaluation(id)] = SuiteJson.Write(new SuiteResult
        {
            Suite = suite,
            Metrics = metrics.ToImmutableSortedDictionary(metric => metric.Metric, metric => metric.Value, StringComparer.Ordinal),
            Items = items,
            Provenance = ImmutableSortedDictionary<string, string>.Empty.Add("weights", new string('e', 64)).Add("step", "600").Add("seed", "0"),
        });
    }
}
