using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary><c>/api/runs</c>.</summary>
internal static class RunEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/api/runs").WithTags("runs");
        runs.MapGet("", ListAsync).WithName("list-runs").WithSummary("Runs of all studies, those of the newest study first.").Refuses(StatusCodes.Status404NotFound);
        runs.MapGet("/{run}", (string run, LocalLab lab, CancellationToken cancellation) => lab.GetRunAsync(run, cancellation))
            .WithName("get-run").WithSummary("What a run is and where it stands, with its attempts.").Refuses(StatusCodes.Status404NotFound);
        Action(runs, WorkAction.Pause, "Holds a run back until it is resumed.");
        Action(runs, WorkAction.Resume, "Lets a paused run go on.");
        Action(runs, WorkAction.Cancel, "Stops a run, keeping its checkpoints.");
        Action(runs, WorkAction.Retry, "Tries a run again that failed or was cancelled, from its last checkpoint.");
        runs.MapPost("/{run}/continue", (string run, ContinueRequest body, LocalLab lab, CancellationToken cancellation) =>
                lab.ActOnRunAsync(WorkAction.Continue, run, body.Steps, cancellation))
            .WithName("continue-run").WithSummary("Trains a completed run on until it has so many steps in all.")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        runs.MapGet("/{run}/certificate", ReadCertificateAsync).WithName("get-certificate")
            .WithSummary("What the replay of a run's last steps came to.").Refuses(StatusCodes.Status404NotFound);
        runs.MapPost("/{run}/certificate", (string run, LocalLab lab, CancellationToken cancellation) => lab.CertifyAsync(run, cancellation))
            .WithName("certify-run")
            .WithSummary("Replays a completed run's last steps from the checkpoint before its last, and compares weights and losses. Answers when that is done; hanging up stops it.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static void Action(IEndpointRouteBuilder runs, WorkAction action, string summary)
    {
        var name = action.ToString().ToLowerInvariant();
        runs.MapPost($"/{{run}}/{name}", (string run, LocalLab lab, CancellationToken cancellation) => lab.ActOnRunAsync(action, run, steps: 0, cancellation))
            .WithName($"{name}-run").WithSummary(summary + " May be given again with the same effect.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<Page<StudyRun>> ListAsync(
        [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation, [Description("Only runs of this study.")] string? study = null)
    {
        var runs = await page.OfAsync(WithStudyAsync(lab.RunsAsync(study, page.After, cancellation)));
        return new Page<StudyRun>([.. await Task.WhenAll(runs.Items.Select(run => lab.GetRunAsync(run.Study, run.Run)))], runs.Next);
    }

    private static async IAsyncEnumerable<(string Key, (string Study, RunSummary Run) Item)> WithStudyAsync(
        IAsyncEnumerable<(string Key, StudyView Study, RunSummary Run)> runs, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var (key, study, run) in runs.WithCancellation(cancellation))
        {
            yield return (key, (study.Id, run));
        }
    }

    private static async Task<ResumeCertificateView> ReadCertificateAsync(string run, LocalLab lab, CancellationToken cancellation) =>
        (await lab.GetRunAsync(run, cancellation)).Certificate ?? throw RequestFault.Missing($"Run '{run}' has not been verified; POST to the same address verifies it.");
}
