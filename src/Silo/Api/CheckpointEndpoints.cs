using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>A checkpoint's name within its run.</summary>
/// <param name="Step">The step it was taken after.</param>
/// <param name="Epoch">The attempt that committed it.</param>
internal sealed record CheckpointName(long Step, long Epoch);

/// <summary>Checkpoints that are to be deleted, and no other.</summary>
/// <param name="Checkpoints">As a plan has shown them.</param>
internal sealed record PruneRequest(ImmutableArray<CheckpointName> Checkpoints);

/// <summary>What was deleted.</summary>
/// <param name="Deleted">How many checkpoints.</param>
internal sealed record PruneAnswer(int Deleted);

/// <summary>What a reading of a checkpoint to its end came to.</summary>
/// <param name="Whole">Whether everything is as it was written.</param>
/// <param name="Damage">What is not, in one sentence; null if everything is.</param>
internal sealed record CheckpointVerification(bool Whole, string? Damage);

/// <summary><c>/api/runs/{run}/checkpoints</c>.</summary>
internal static class CheckpointEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var checkpoints = api.MapGroup("/api/runs/{run}/checkpoints").WithTags("checkpoints");
        checkpoints.MapGet("", ListAsync).WithName("list-checkpoints").WithSummary("A run's checkpoints, newest first.").Refuses(StatusCodes.Status404NotFound);
        checkpoints.MapGet("/plan", PlanAsync).WithName("plan-checkpoints")
            .WithSummary("Every checkpoint of a run, why it is kept, and what would be deleted. Deletes nothing.").Refuses(StatusCodes.Status404NotFound);
        checkpoints.MapPost("/prune", PruneAsync).WithName("prune-checkpoints")
            .WithSummary("Deletes checkpoints that a plan has shown: all of them, or none. The newest, pinned ones and those in use always stay.")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        Pin(checkpoints, "pin", pinned: true, "Keeps the checkpoint of a step, whatever the policy and the budget.");
        Pin(checkpoints, "unpin", pinned: false, "Keeps a checkpoint no longer than the policy says.");
        checkpoints.MapPost("/{step}/verify", VerifyAsync).WithName("verify-checkpoint")
            .WithSummary("Reads a checkpoint to its end and compares lengths and SHA-256 with its manifest.").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static void Pin(IEndpointRouteBuilder checkpoints, string name, bool pinned, string summary) => checkpoints
        .MapPost($"/{{step}}/{name}", async (string run, long step, LocalLab lab, CancellationToken cancellation) =>
        {
            await lab.PinCheckpointAsync(run, step, pinned, cancellation);
            return (await lab.PlanCheckpointsAsync(run, new RetentionChange(), cancellation)).Checkpoints.First(checkpoint => checkpoint.Step == step);
        })
        .WithName($"{name}-checkpoint").WithSummary(summary).Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static async Task<Page<CheckpointView>> ListAsync(string run, [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation) => page.Of(
        (await lab.ListCheckpointsAsync(run, cancellation)).OrderByDescending(checkpoint => checkpoint.Step).ThenByDescending(checkpoint => checkpoint.Epoch),
        checkpoint => $"{PageKey.Falling(checkpoint.Step)}/{PageKey.Falling(checkpoint.Epoch)}");

    private static Task<RunCheckpointPlan> PlanAsync(
        string run,
        LocalLab lab,
        CancellationToken cancellation,
        [Description("Keep so many of the latest. Without: as the run says.")] int? latest = null,
        [Description("Keep those whose step is a multiple of this; 0 for none.")] long? every = null,
        [Description("Keep so many with the lowest loss.")] int? best = null,
        [Description("Bytes that all together may take up.")] long? budget = null) =>
        lab.PlanCheckpointsAsync(run, new RetentionChange(latest, every, best, budget), cancellation);

    private static async Task<PruneAnswer> PruneAsync(string run, PruneRequest body, LocalLab lab, CancellationToken cancellation)
    {
        // In a list, JSON's null passes for a checkpoint.
        if (body.Checkpoints.IsDefaultOrEmpty || body.Checkpoints.Contains(null!))
        {
            throw RequestFault.Invalid("checkpoints: at least one is expected, each with step and epoch, as /api/runs/{run}/checkpoints/plan lists them.");
        }

        var chosen = body.Checkpoints.Distinct().Select(name => new RunCheckpoint { Step = name.Step, Epoch = name.Epoch }).ToImmutableArray();
        await lab.DeleteCheckpointsAsync(run, chosen, cancellation);
        return new PruneAnswer(chosen.Length);
    }

    private static async Task<CheckpointVerification> VerifyAsync(string run, long step, LocalLab lab, CancellationToken cancellation)
    {
        var damage = await lab.VerifyCheckpointAsync(run, step, cancellation);
        return new CheckpointVerification(damage is null, damage);
    }
}
