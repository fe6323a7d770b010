using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>States and kinds in words, and their tone: <c>quiet</c>, <c>busy</c>, <c>good</c>, <c>held</c> or <c>bad</c>.</summary>
internal static class Words
{
    public static (string Text, string Tone) For(WorkState state) => state switch
    {
        WorkState.None => ("not started", "quiet"),
        WorkState.Queued => ("queued", "quiet"),
        WorkState.Running => ("running", "busy"),
        WorkState.Paused => ("paused", "held"),
        WorkState.Completed => ("completed", "good"),
        WorkState.Failed => ("failed", "bad"),
        WorkState.Cancelled => ("cancelled", "held"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of work."),
    };

    /// <summary>The state, or what it is about to become because a person asked for it.</summary>
    public static (string Text, string Tone) For(WorkView work) => (work.State, work.Wanted) switch
    {
        (WorkState.Running, WorkState.Paused) => ("pausing", "held"),
        (WorkState.Running, WorkState.Cancelled) => ("cancelling", "held"),
        _ => For(work.State),
    };

    public static (string Text, string Tone) For(StudyView study) => study.Paused && StudySteps.IsUnderWay(study.Stage) ? ("paused", "held") : For(study.Stage);

    public static (string Text, string Tone) For(StudyStage stage) => stage switch
    {
        StudyStage.None => ("not launched", "quiet"),
        StudyStage.Importing => ("importing", "busy"),
        StudyStage.Tagging => ("tagging", "busy"),
        StudyStage.Preparing => ("preparing", "busy"),
        StudyStage.Running => ("running", "busy"),
        StudyStage.Comparing => ("comparing", "busy"),
        StudyStage.Completed => ("completed", "good"),
        StudyStage.Failed => ("failed", "bad"),
        StudyStage.Cancelled => ("cancelled", "held"),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage of a study."),
    };

    public static string For(FailureKind failure) => failure switch
    {
        FailureKind.None => "",
        FailureKind.Transient => "store or network",
        FailureKind.OutOfMemory => "out of memory",
        FailureKind.Diverged => "diverged",
        FailureKind.Poison => "bad input",
        FailureKind.NodeLost => "worker lost",
        FailureKind.Unexpected => "unexpected",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Not a kind of failure."),
    };

    public static string For(WorkKind kind) => kind switch
    {
        WorkKind.Import => "import",
        WorkKind.Tag => "tag",
        WorkKind.Prepare => "prepare",
        WorkKind.Train => "train",
        WorkKind.Evaluate => "evaluate",
        WorkKind.Compare => "compare",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of work."),
    };

    public static string For(SpanLevel level) => level switch
    {
        SpanLevel.Benign => "benign",
        SpanLevel.Middle => "middle",
        SpanLevel.HighRisk => "high-risk",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Not a level of a span."),
    };

    /// <summary>The page that shows a piece of work; null if there is none.</summary>
    public static string? PageOf(WorkTicket ticket) => ticket.Kind switch
    {
        WorkKind.Import => $"corpora/{ticket.Key}",
        WorkKind.Tag => $"tagging/{ticket.Key}",
        WorkKind.Train => $"runs/{ticket.Key}",
        WorkKind.Evaluate => $"evaluations/{ticket.Key}",
        WorkKind.Prepare or WorkKind.Compare => $"studies/{ticket.Key}",
        _ => null,
    };

    /// <summary>The tone of a verdict on exact resuming.</summary>
    public static string ToneOf(ResumeCertificateView certificate) => certificate.Verdict switch
    {
        "identical" => "good",
        "different" => "bad",
        _ => "held",
    };

    /// <summary>"1 run", "2 runs".</summary>
    public static string Many(long count, string one, string many) => $"{Format.Count(count)} {(count == 1 ? one : many)}";
}
