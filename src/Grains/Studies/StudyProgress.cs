using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>A run of a study in a line, from what is known of its work.</summary>
internal static class StudyProgress
{
    public static RunSummary Summarise(StudySpecification study, RunSpecification run, IReadOnlyDictionary<string, WorkView> known)
    {
        var id = StudyLayout.IdOf(run);
        var training = known.GetValueOrDefault(id) ?? new WorkView();
        var evaluations = StudyLayout.Evaluations(study, run).Select(evaluation => known.GetValueOrDefault(evaluation.Id)).ToList();
        var numbers = training.State == WorkState.Completed ? training.Numbers : training.Progress.Numbers;
        return new RunSummary
        {
            Id = id,
            Arm = run.Arm.Name,
            Seed = run.Seed,
            Amount = run.Amount,
            State = training.State,
            Step = training.Progress.Done,
            Steps = study.Training.Steps,
            Loss = numbers.GetValueOrDefault("loss", double.NaN),
            TokensPerSecond = numbers.GetValueOrDefault("tokens-per-second"),
            EvaluationsDone = evaluations.Count(evaluation => evaluation?.State == WorkState.Completed),
            Evaluations = evaluations.Count,
            Attempts = training.Starts,
            DeviceKinds =
            [
                .. training.Attempts.Where(attempt => attempt.Done > attempt.From || attempt.State == WorkState.Running)
                    .Select(attempt => DeviceName.KindOf(attempt.Device)).Distinct().Order(StringComparer.Ordinal),
            ],
            Message = evaluations.Prepend(training).FirstOrDefault(work => work?.State == WorkState.Failed)?.Message ?? "",
        };
    }
}
