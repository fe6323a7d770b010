using Microsoft.AspNetCore.Mvc;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>How much there is of everything in a cluster.</summary>
/// <param name="Workers">Workers that are alive.</param>
/// <param name="Devices">Their devices.</param>
/// <param name="Leases">Devices that are lent to work.</param>
/// <param name="Queued">Pieces of work that wait for a device.</param>
internal sealed record ClusterSummary(int Workers, int Devices, int Leases, int Queued);

/// <summary>A piece of work in the queue.</summary>
/// <param name="Position">Its place, from 0.</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="Key">Whose work it is: a run's id, a corpus' name …</param>
/// <param name="Device">The device, or the kind of devices, that it waits for; null for any.</param>
internal sealed record QueuedWork(int Position, WorkKind Kind, string Key, string? Device);

/// <summary>A move within the queue.</summary>
/// <param name="Kind">The kind of work.</param>
/// <param name="Key">Whose work it is.</param>
/// <param name="Before">The work that it is to stand before; null for the end.</param>
internal sealed record MoveRequest(WorkKind Kind, string Key, WorkTicket? Before = null);

/// <summary><c>/api/cluster</c>.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var cluster = api.MapGroup("/api/cluster").WithTags("cluster");
        cluster.MapGet("", SummariseAsync).WithName("get-cluster").WithSummary("How many workers, devices, leases and pieces of waiting work there are.");
        cluster.MapGet("/workers", ListWorkersAsync).WithName("list-workers").WithSummary("Workers that are alive, with their devices.");
        cluster.MapGet("/leases", ListLeasesAsync).WithName("list-leases").WithSummary("What is being done on which device.");
        cluster.MapGet("/queue", ListQueueAsync).WithName("list-queue")
            .WithSummary("Work that waits for a device, first come first. Where the work that a page ended with has left the queue meanwhile, the page after it is refused.")
            .Refuses(StatusCodes.Status409Conflict);
        cluster.MapGet("/activations", ListActivationsAsync).WithName("list-activations").WithSummary("How many grains of each type live in the memory of each silo.");
        cluster.MapPost("/queue/move", MoveAsync).WithName("move-in-queue").WithSummary("Moves waiting work to another place of the queue. May be given again with the same effect.")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<ClusterSummary> SummariseAsync(LocalLab lab)
    {
        var pool = await lab.GetPoolAsync();
        return new ClusterSummary(pool.Workers.Length, pool.Workers.Sum(worker => worker.Devices.Length), pool.Leases.Length, pool.Queue.Length);
    }

    private static async Task<Page<WorkerOffer>> ListWorkersAsync([AsParameters] PageQuery page, LocalLab lab) =>
        page.Of((await lab.GetPoolAsync()).Workers.OrderBy(worker => worker.Worker, StringComparer.Ordinal), worker => worker.Worker);

    private static async Task<Page<DeviceLease>> ListLeasesAsync([AsParameters] PageQuery page, LocalLab lab) =>
        page.Of((await lab.GetPoolAsync()).Leases.OrderBy(KeyOf, StringComparer.Ordinal), KeyOf);

    private static async Task<Page<QueuedWork>> ListQueueAsync([AsParameters] PageQuery page, LocalLab lab)
    {
        var queue = (await lab.GetPoolAsync()).Queue;
        var take = page.Take(ApiLimits.LargestPage);
        var first = 0;
        if (page.After is { } after)
        {
            first = queue.Select(KeyOf).ToList().IndexOf(after) + 1;
            if (first == 0)
            {
                throw RequestFault.Conflict("The work that the page before ended with has left the queue; read it again from its beginning.");
            }
        }

        var rest = queue.Length - first;
        return new Page<QueuedWork>(
            [.. queue.Skip(first).Take(take).Select((ticket, index) => new QueuedWork(first + index, ticket.Kind, ticket.Key, ticket.Device))],
            rest > take ? PageQuery.CursorOf(KeyOf(queue[first + take - 1])) : null);
    }

    private static async Task<Page<GrainActivations>> ListActivationsAsync([AsParameters] PageQuery page, IGrainActivations activations) =>
        page.Of((await activations.CountAsync()).OrderBy(KeyOf, StringComparer.Ordinal), KeyOf);

    private static async Task<Page<QueuedWork>> MoveAsync(MoveRequest body, LocalLab lab)
    {
        await lab.MoveAsync(new WorkTicket(body.Kind, body.Key), body.Before);
        return await ListQueueAsync(new PageQuery(), lab);
    }

    private static string KeyOf(DeviceLease lease) => $"{lease.Worker}/{lease.Device}";

    private static string KeyOf(GrainActivations count) => $"{count.Silo}/{count.GrainType}";

    private static string KeyOf(WorkTicket ticket) => $"{ticket.Kind}/{ticket.Key}";
}
