using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>What a person may do with a run or a study.</summary>
[Flags]
public enum WorkActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Hold it back, with a checkpoint.</summary>
    Pause = 1,

    /// <summary>Let it go on.</summary>
    Resume = 2,

    /// <summary>Stop it.</summary>
    Cancel = 4,

    /// <summary>Try again what failed or was cancelled, or what waits after a failure.</summary>
    Retry = 8,

    /// <summary>Train on, with more steps.</summary>
    Continue = 16,
}

/// <summary>Which actions do something where a run or a study stands; any other would do nothing, or be refused.</summary>
internal static class OfferedActions
{
    public static WorkActions Of(WorkView run) => (run.State, run.Wanted) switch
    {
        (WorkState.Queued, _) => WorkActions.Pause | WorkActions.Cancel | (run.NotBefore is null ? WorkActions.None : WorkActions.Retry),
        (WorkState.Running, WorkState.Paused) => WorkActions.Resume | WorkActions.Cancel,
        (WorkState.Running, WorkState.Cancelled) => WorkActions.Retry,
        (WorkState.Running, _) => WorkActions.Pause | WorkActions.Cancel,
        (WorkState.Paused, _) => WorkActions.Resume | WorkActions.Cancel,
        (WorkState.Completed, _) => WorkActions.Continue,
        (WorkState.Failed or WorkState.Cancelled, _) => WorkActions.Retry,
        _ => WorkActions.None,
    };

    public static WorkActions Of(StudyView study)
    {
        var underWay = StudySteps.IsUnderWay(study.Stage);
        var broken = study.Stage is StudyStage.Failed or StudyStage.Cancelled
            || (study.Stage != StudyStage.None && study.Runs.Any(run => run.State is WorkState.Failed or WorkState.Cancelled));
        return (underWay ? WorkActions.Cancel | (study.Paused ? WorkActions.Resume : WorkActions.Pause) : WorkActions.None)
            | (broken ? WorkActions.Retry : WorkActions.None)
            | (study.Stage == StudyStage.Completed && study.Runs.All(run => run.State == WorkState.Completed) ? WorkActions.Continue : WorkActions.None);
    }
}
