using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Something that happened to a run.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">A word for it.</param>
/// <param name="Tone">Its tone, as of <see cref="Words"/>.</param>
/// <param name="Text">One sentence.</param>
public sealed record RunEvent(DateTimeOffset Time, string Kind, string Tone, string Text);

/// <summary>What happened to a run, from what its grain and those of its evaluations remember.</summary>
internal static class RunEvents
{
    /// <summary>The events, newest first.</summary>
    public static ImmutableArray<RunEvent> Of(RunView run, IEnumerable<EvaluationView> evaluations)
    {
        var events = new List<RunEvent>();
        foreach (var attempt in run.Training.Attempts)
        {
            events.Add(new RunEvent(
                attempt.Started, "started", "busy",
                $"Attempt {attempt.Epoch} on {attempt.Device}, {(attempt.From == 0 ? "from the beginning" : $"from the checkpoint of step {Format.Count(attempt.From)}")}."));
            if (attempt.CommittedAt is { } committed)
            {
                events.Add(new RunEvent(committed, "checkpoint", "quiet", $"Attempt {attempt.Epoch} has kept {Words.Many(attempt.Committed ?? 0, "step", "steps")}."));
            }

            if (attempt.Ended is { } ended)
            {
                events.Add(EndOf(attempt, ended));
            }
        }

        foreach (var evaluation in evaluations)
        {
            foreach (var attempt in evaluation.Work.Attempts)
            {
                events.Add(new RunEvent(attempt.Started, "evaluation", "busy", $"{evaluation.Request!.Suite} started on {attempt.Device}."));
                if (attempt.Ended is { } ended)
                {
                    var (text, tone) = Words.For(attempt.State);
                    events.Add(new RunEvent(ended, "evaluation", tone, $"{evaluation.Request!.Suite} {text}.{After(attempt.Message)}"));
                }
            }
        }

        if (run.Certificate is { } certificate)
        {
            events.Add(new RunEvent(certificate.Made, "certificate", Words.ToneOf(certificate), $"{certificate.Verdict}.{After(certificate.Message)}"));
        }

        return [.. events.OrderByDescending(happened => happened.Time)];
    }

    private static RunEvent EndOf(Attempt attempt, DateTimeOffset ended)
    {
        var (kind, tone) = attempt.Failure != FailureKind.None ? (Words.For(attempt.Failure), "bad")
            : attempt.State == WorkState.Queued ? ("interrupted", "held")
            : Words.For(attempt.State);
        var lost = attempt.UnitsLost > 0 ? $"; {Words.Many(attempt.UnitsLost, "step is", "steps are")} done again" : "";
        return new RunEvent(ended, kind, tone, $"Attempt {attempt.Epoch} ended at step {Format.Count(attempt.Done)}{lost}.{After(attempt.Message)}");
    }

    private static string After(string message) => message.Length > 0 ? $" {message}" : "";
}
