using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Api;

/// <summary>The lab whose grains this process reaches. What changes it is written into its audit log.</summary>
internal sealed partial class LocalLab(
    IGrainFactory grains, IStudyLauncher launcher, IArtefactReader artefacts, IRunCheckpoints checkpoints, IStudyArchives archives, IAuditLog audit, string who) : ILab
{
    /// <param name="services">Of the host.</param>
    /// <param name="who">Who asks, for the audit log.</param>
    public static LocalLab Of(IServiceProvider services, string who) => ActivatorUtilities.CreateInstance<LocalLab>(services, who);

    /// <summary>As an argument of an endpoint: whoever has signed in asks.</summary>
    public static ValueTask<LocalLab?> BindAsync(HttpContext context) => ValueTask.FromResult<LocalLab?>(Of(
        context.RequestServices,
        context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : throw new RequestFault(FaultKind.NotSignedIn, "Nobody is signed in.")));

    public async Task<ImmutableArray<StudySummary>> ListStudiesAsync(CancellationToken cancellation) =>
        [.. (await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync()).OrderBy(KeyOf, StringComparer.Ordinal)];

    /// <summary>Where a study is in the list of studies: newest first, and always in the same order.</summary>
    public static string KeyOf(StudySummary study) => $"{long.MaxValue - study.Launched.UtcTicks:D19}/{study.Id}/";

    public async Task<StudyView> GetStudyAsync(string study, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<IStudyGrain>(Ensure(study, "study")).GetAsync();
        return view.Specification is null ? throw RequestFault.Missing($"There is no study '{study}'.") : view;
    }

    public async Task<ImmutableArray<StudyRun>> ListRunsAsync(StudyView study, CancellationToken cancellation)
    {
        var runs = ImmutableArray.CreateBuilder<StudyRun>(study.Runs.Length);
        foreach (var run in study.Runs)
        {
            runs.Add(await GetRunAsync(study.Id, run));
        }

        return runs.MoveToImmutable();
    }

    /// <summary>A run of a study, with its certificate.</summary>
    public async Task<StudyRun> GetRunAsync(string study, RunSummary run) =>
        new(study, run, run.State == WorkState.Completed ? (await grains.GetGrain<ITrainingRunGrain>(run.Id).GetAsync()).Certificate : null);

    public Task<string?> ReadComparisonAsync(string study, CancellationToken cancellation) =>
        artefacts.ReadTextAsync(ArtefactNames.Comparison(Ensure(study, "study")), cancellation);

    public async Task<Stream> ReportAsync(string study, CancellationToken cancellation) =>
        new MemoryStream(Encoding.UTF8.GetBytes(await archives.ReportAsync(Ensure(study, "study"), cancellation)));

    public Task<Stream> ExportAsync(string study, CancellationToken cancellation) => archives.ExportAsync(Ensure(study, "study"), cancellation);

    public Task<string> ImportStudyAsync(Stream archive, string file, CancellationToken cancellation) =>
        RecordAsync("import", "archive", file, () => archives.ImportAsync(archive, file, cancellation));

    public async Task<StudyView> LaunchAsync(string yaml, CancellationToken cancellation)
    {
        var reading = launcher.Read(yaml);
        if (reading.Specification is not { } specification || !reading.Faults.IsEmpty)
        {
            throw new RequestFault(
                FaultKind.Invalid, reading.Faults.Length == 1 ? reading.Faults[0] : $"The study has {reading.Faults.Length} faults; the first: {reading.Faults[0]}", reading.Faults);
        }

        await RecordAsync("launch", "study", specification.Name, () => launcher.LaunchAsync(specification));
        return await GetStudyAsync(specification.Name, cancellation);
    }

    public async Task<StudyView> ActOnStudyAsync(WorkAction action, string study, int steps, CancellationToken cancellation)
    {
        await GetStudyAsync(study, cancellation);
        var grain = grains.GetGrain<IStudyGrain>(study);
        return await RecordAsync(NameOf(action), "study", study, () => action switch
        {
            WorkAction.Pause => grain.PauseAsync(),
            WorkAction.Resume => grain.ResumeAsync(),
            WorkAction.Cancel => grain.CancelAsync(),
            WorkAction.Retry => grain.RetryAsync(),
            _ => grain.ContinueAsync(steps),
        });
    }

    public async Task<RunView> GetRunAsync(string run, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<ITrainingRunGrain>(Ensure(run, "run")).GetAsync();
        return view.Specification is null ? throw RequestFault.Missing($"There is no run '{run}'.") : view;
    }

    public async Task<RunView> ActOnRunAsync(WorkAction action, string run, int steps, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        var grain = grains.GetGrain<ITrainingRunGrain>(run);
        return await RecordAsync(NameOf(action), "run", run, () => action switch
        {
            WorkAction.Pause => grain.PauseAsync(),
            WorkAction.Resume => grain.ResumeAsync(),
            WorkAction.Cancel => grain.CancelAsync(),
            WorkAction.Retry => grain.RetryAsync(),
            _ => grain.ContinueAsync(steps),
        });
    }

    public async Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        return await artefacts.ReadMetricSegmentsAsync(run, cancellation);
    }

    public async Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        return await RecordAsync("certify", "run", run, () => checkpoints.CertifyAsync(run, cancellation));
    }

    public async Task<ImmutableArray<CheckpointView>> ListCheckpointsAsync(string run, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        return await artefacts.ReadCheckpointsAsync(run, cancellation);
    }

    public async Task<RunCheckpointPlan> PlanCheckpointsAsync(string run, RetentionChange change, CancellationToken cancellation)
    {
        var retention = change.Of((await GetRunAsync(run, cancellation)).Specification!.Training.Retention);
        if (TrainingMapping.ToRetention(retention).FindFaults() is { Count: > 0 } faults)
        {
            throw RequestFault.Invalid($"The retention policy cannot be used: {string.Join("; ", faults)}.");
        }

        return await checkpoints.PlanAsync(run, retention, cancellation);
    }

    public async Task DeleteCheckpointsAsync(string run, ImmutableArray<RunCheckpoint> chosen, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        var steps = string.Join(", ", chosen.Select(checkpoint => checkpoint.Step).Order());
        await audit.DoAsync(who, "delete", "checkpoints", $"{run}: {steps}", () => checkpoints.DeleteAsync(run, chosen, cancellation));
    }

    public async Task PinCheckpointAsync(string run, long step, bool pinned, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        await audit.DoAsync(who, pinned ? "pin" : "unpin", "checkpoint", $"{run}: {step}", async () =>
        {
            await EnsureCheckpointAsync(run, step, cancellation);
            await checkpoints.PinAsync(run, step, pinned, cancellation);
        });
    }

    public async Task<string?> VerifyCheckpointAsync(string run, long step, CancellationToken cancellation)
    {
        await EnsureCheckpointAsync(run, step, cancellation);
        return await checkpoints.VerifyAsync(run, step, cancellation);
    }

    private static string NameOf(WorkAction action) => action.ToString().ToLowerInvariant();

    private Task<T> RecordAsync<T>(string action, string kind, string id, Func<Task<T>> work) => audit.DoAsync(who, action, kind, id, work);

    private static string Ensure(string? id, string what)
    {
        try
        {
            return Identifiers.Ensure(id, what);
        }
        catch (ArgumentException exception)
        {
            throw RequestFault.Invalid(exception.Message);
        }
    }

    // Whole or damaged: also one whose manifest cannot be read is in the plan.
    private async Task EnsureCheckpointAsync(string run, long step, CancellationToken cancellation)
    {
        await GetRunAsync(run, cancellation);
        if ((await checkpoints.PlanAsync(run, retention: null, cancellation)).Checkpoints.All(checkpoint => checkpoint.Step != step))
        {
            throw RequestFault.Missing($"Run '{run}' has no checkpoint of step {step}; `checkpoint list {run}` shows those it has.");
        }
    }
}
