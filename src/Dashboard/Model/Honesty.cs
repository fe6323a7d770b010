using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>What cannot be said, in words.</summary>
internal static class Honesty
{
    /// <summary>The fewest seeds that let a study tell an arm from chance.</summary>
    public const int FewestSeeds = 3;

    private const int MostNamed = 6;

    /// <summary>What so few seeds cannot say; empty if there are enough.</summary>
    public static string OfSeeds(int seeds) => seeds switch
    {
        >= FewestSeeds => "",
        2 => "Two seeds: an interval rests on a single difference between them and is 12.7 standard errors wide to either side, so all but enormous effects stay unseen, and nothing can be said of how seeds vary. Three seeds are the fewest that can carry a verdict.",
        _ => "One seed: nothing can be said of chance. There are no intervals, no tests and no verdict; a difference between arms may be the seed's alone. Three seeds are the fewest that can carry a verdict.",
    };

    /// <summary>What runs on devices of several kinds cannot say; empty if they are of one.</summary>
    public static string OfDevices(IReadOnlyCollection<RunSummary> runs)
    {
        var kinds = runs.SelectMany(run => run.DeviceKinds).Distinct().Order(StringComparer.Ordinal).ToArray();
        return kinds.Length < 2
            ? ""
            : $"Runs were trained on devices of several kinds ({string.Join(", ", kinds.Select(kind => $"{Words.Many(runs.Count(run => run.DeviceKinds.Contains(kind)), "run", "runs")} on {kind}"))}), which agree to rounding only: part of a difference between arms may be theirs. A study whose training.device names a kind has it everywhere.";
    }

    /// <summary>What an incomplete study lacks.</summary>
    public static string OfIncomplete(StudyView study)
    {
        if (study.Runs.IsEmpty)
        {
            return $"No verdict: the study is {Words.For(study.Stage).Text} and has no runs yet.";
        }

        var untrained = study.Runs.Where(run => run.State != WorkState.Completed).ToArray();
        var unscored = study.Runs.Where(run => run.State == WorkState.Completed && run.EvaluationsDone < run.Evaluations).ToArray();
        var missing = untrained.Concat(unscored).Select(run => run.Id).ToArray();
        if (missing.Length == 0)
        {
            return $"No verdict yet: every run has its scores; the study is {Words.For(study.Stage).Text}.";
        }

        var named = string.Join(", ", missing.Take(MostNamed));
        var more = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
        return $"No verdict: the study is incomplete ({Words.For(study.Stage).Text}). Of {Words.Many(study.Runs.Length, "run", "runs")}, {untrained.Length} not trained to the end and {unscored.Length} without all scores: {named}{more}.";
    }
}
