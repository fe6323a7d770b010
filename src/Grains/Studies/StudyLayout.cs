using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>What a specification expands into. A pure function: the same specification always gives the same runs and evaluations.</summary>
internal static class StudyLayout
{
    public static IEnumerable<RunSpecification> Runs(StudySpecification study, ImmutableDictionary<string, string> prepared) =>
        from arm in study.Arms
        from amount in study.Amounts
        from seed in study.Seeds
        select new RunSpecification
        {
            Study = study.Name,
            Arm = arm,
            Seed = seed,
            Amount = amount,
            Dataset = prepared.GetValueOrDefault(ArtefactNames.DatasetKey(amount, seed, arm.Data), ""),
            Tokenizer = prepared.GetValueOrDefault(ArtefactNames.TokenizerKey, ""),
            Model = study.Model,
            Training = study.Training,
        };

    public static string IdOf(RunSpecification run) => Identifiers.ForRun(run.Study, run.Arm.Name, run.Seed, run.Amount);

    public static ImmutableArray<string> Suites(EvaluationSpecification evaluation)
    {
        var suites = ImmutableArray.CreateBuilder<string>();
        if (!evaluation.Recognition.IsEmpty)
        {
            suites.Add(SuiteNames.Recognition);
        }

        if (!evaluation.Scorer.Corpora.IsEmpty)
        {
            suites.Add(SuiteNames.Generation);
        }

        suites.Add(SuiteNames.Perplexity);
        if (!evaluation.Replies.IsEmpty)
        {
            suites.Add(SuiteNames.Replies);
        }

        return suites.ToImmutable();
    }

    public static IEnumerable<(string Id, EvaluationRequest Request)> Evaluations(StudySpecification study, RunSpecification run) =>
        from suite in Suites(study.Evaluation)
        select (
            Identifiers.ForEvaluation(IdOf(run), suite, run.Training),
            new EvaluationRequest { Study = study.Name, Run = IdOf(run), Suite = suite, Settings = study.Evaluation, RunSpecification = run });
}
