using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <content>Checkpoints: the newest and those pinned may not be deleted, the policy keeps the last.</content>
internal sealed partial class InMemoryLab : IRunCheckpoints
{
    public HashSet<(string Run, long Step)> Pinned { get; } = [];

    /// <summary>What is damaged, by run and step.</summary>
    public Dictionary<(string Run, long Step), string> Damage { get; } = [];

    /// <summary>What a replay waits for.</summary>
    public Task<ResumeCertificateView> Replay { get; set; } = Task.FromResult(new ResumeCertificateView { Verdict = "identical", Message = "Steps 401 to 600 were replayed and came to the same bits.", FromStep = 400, ToStep = 600 });

    private HashSet<string> Certifying { get; } = [];

    public Task<RunCheckpointPlan> PlanAsync(string run, RetentionSpecification? retention = null, CancellationToken cancellation = default)
    {
        var checkpoints = Checkpoints.GetValueOrDefault(run, []).Select((checkpoint, place) =>
        {
            string[] locks = [.. place == 0 ? ["the newest"] : Array.Empty<string>(), .. Pinned.Contains((run, checkpoint.Step)) ? ["pinned"] : Array.Empty<string>()];
            return new RunCheckpoint
            {
                Step = checkpoint.Step, Epoch = checkpoint.Epoch, Bytes = checkpoint.Bytes, Score = 2.5 + (0.1 * place), Reasons = [.. locks],
                Pinned = Pinned.Contains((run, checkpoint.Step)), Locked = locks.Length > 0 ? string.Join(", ", locks) : null,
            };
        }).ToImmutableArray();
        return Task.FromResult(new RunCheckpointPlan(checkpoints, checkpoints.Where(checkpoint => !checkpoint.Reasons.IsEmpty).Sum(checkpoint => checkpoint.Bytes), 0, retention ?? new RetentionSpecification()));
    }

    public Task DeleteAsync(string run, IReadOnlyCollection<RunCheckpoint> chosen, CancellationToken cancellation = default)
    {
        Requests.Add($"delete {run} {string.Join(' ', chosen.Select(checkpoint => checkpoint.Step))}");
        if (Refusal is not null)
        {
            throw Refusal;
        }

        Checkpoints[run] = Checkpoints[run].RemoveAll(checkpoint => chosen.Any(gone => gone.Step == checkpoint.Step && gone.Epoch == checkpoint.Epoch));
        return Task.CompletedTask;
    }

    public Task PinAsync(string run, long step, bool pinned, CancellationToken cancellation = default)
    {
        Requests.Add($"{(pinned ? "pin" : "unpin")} {run} {step}");
        _ = pinned ? Pinned.Add((run, step)) : Pinned.Remove((run, step));
        return Task.CompletedTask;
    }

    public Task<string?> VerifyAsync(string run, long step, CancellationToken cancellation = default)
    {
        Requests.Add($"verify {run} {step}");
        return Task.FromResult(Damage.GetValueOrDefault((run, step)));
    }

    public async Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation = default)
    {
        Requests.Add($"certify {run}");
        Certifying.Add(run);
        try
        {
            var certificate = await Replay;
            Runs[run] = Runs[run] with { Certificate = certificate };
            return certificate;
        }
        finally
        {
            Certifying.Remove(run);
        }
    }

    public bool IsCertifying(string run) => Certifying.Contains(run);
}
