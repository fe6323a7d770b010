using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>The steps that a study goes through, for people.</summary>
internal static class StudySteps
{
    public static readonly ImmutableArray<StudyStage> All =
        [StudyStage.Importing, StudyStage.Tagging, StudyStage.Preparing, StudyStage.Running, StudyStage.Comparing];

    public static bool IsUnderWay(StudyStage stage) => All.Contains(stage);

    /// <summary>How many steps are behind the study. Of one that was given up or stopped, what it left behind tells.</summary>
    public static int Done(StudyView study) => study.Stage switch
    {
        StudyStage.Completed => All.Length,
        StudyStage.Failed or StudyStage.Cancelled => study switch
        {
            { Comparison.State: not WorkState.None } => All.IndexOf(StudyStage.Comparing),
            { Runs.IsEmpty: false } => All.IndexOf(StudyStage.Running),
            { Preparation.State: not WorkState.None } => All.IndexOf(StudyStage.Preparing),
            _ => 0,
        },
        _ => Math.Max(0, All.IndexOf(study.Stage)),
    };
}
