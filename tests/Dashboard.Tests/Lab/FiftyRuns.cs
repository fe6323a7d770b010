using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A study of 50 runs that all train: five arms, ten seeds.</summary>
internal static class FiftyRuns
{
    public const string Study = "fifty-runs";
    public const int Before = 5000;
    private const int Steps = 20_000;

    public static InMemoryLab Create(DateTimeOffset now)
    {
        var lab = new InMemoryLab();
        var specification = SampleLab.Specification(Study) with
        {
            Arms = [.. SampleLab.Specification(Study).Arms, new ArmSpecification { Name = "control" }],
            Seeds = [.. Enumerable.Range(1, 10)],
            Amounts = [0.05],
            Training = new TrainingSpecification { Steps = Steps },
        };
        lab.Studies[Study] = new StudyView
        {
            Id = Study,
            Specification = specification,
            Stage = StudyStage.Running,
            Launched = now.AddHours(-1),
            Runs =
            [
                .. from arm in specification.Arms
                   from seed in specification.Seeds
                   select new RunSummary { Id = Identifiers.ForRun(Study, arm.Name, seed, 0.05), Arm = arm.Name, Seed = seed, Amount = 0.05, State = WorkState.Running, Steps = Steps, Attempts = 1, Evaluations = 4 },
            ],
        };
        foreach (var run in lab.Studies[Study].Runs)
        {
            lab.Metrics[run.Id] = [];
        }

        Train(lab, Before);
        return lab;
    }

    /// <summary>Every run makes so many steps.</summary>
    public static void Train(InMemoryLab lab, int steps)
    {
        var study = lab.Studies[Study];
        var runs = study.Runs.Select(run =>
        {
            var arm = study.Specification!.Arms.Single(arm => arm.Name == run.Arm);
            var points = Enumerable.Range((int)run.Step + 1, steps).Select(step => SampleLab.Metric(step, arm, run.Seed, run.Amount)).ToList();
            lab.Metrics[run.Id] = [.. lab.Metrics[run.Id], .. points];
            return run with { Step = run.Step + steps, Loss = points[^1].Loss, TokensPerSecond = points[^1].TokensPerSecond };
        });
        lab.Studies[Study] = study with { Runs = [.. runs] };
    }
}
