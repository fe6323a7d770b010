using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>What one attempt at a run recorded, without its points.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="From">Its first step.</param>
/// <param name="To">Its last step.</param>
/// <param name="Steps">How many it recorded.</param>
/// <param name="SupersededFrom">The first of its steps that a newer attempt made again; null if all count.</param>
internal sealed record MetricSegmentSummary(long Epoch, long From, long To, int Steps, long? SupersededFrom);

/// <summary><c>/api/runs/{run}/metrics</c> and <c>/api/runs/{run}/segments</c>.</summary>
internal static class MetricEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var metrics = api.MapGroup("/api/runs/{run}").WithTags("metrics");
        metrics.MapGet("/metrics", ListAsync).WithName("list-metrics")
            .WithSummary($"What a run recorded at every step, each step once, in order. At most {ApiLimits.LargestPageOfPoints} per page.").Refuses(StatusCodes.Status404NotFound);
        metrics.MapGet("/segments", ListSegmentsAsync).WithName("list-metric-segments")
            .WithSummary("What each attempt at a run recorded, oldest first.").Refuses(StatusCodes.Status404NotFound);
        metrics.MapGet("/segments/{epoch}/metrics", ListOfSegmentAsync).WithName("list-metrics-of-segment")
            .WithSummary($"What one attempt at a run recorded, the steps that a newer one made again included. At most {ApiLimits.LargestPageOfPoints} per page.")
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Page<MetricPoint>> ListAsync(
        string run, [AsParameters] PageQuery page, LocalLab lab, IArtefactReader artefacts, CancellationToken cancellation)
    {
        await lab.GetRunAsync(run, cancellation);
        var after = page.After is null ? 0 : long.TryParse(page.After, out var step) ? step : throw PageQuery.NoCursor(page.Cursor!);
        return page.Of(await artefacts.ReadMetricsAsync(run, after, cancellation), point => PageKey.Rising(point.Step), ApiLimits.LargestPageOfPoints);
    }

    private static async Task<Page<MetricSegmentSummary>> ListSegmentsAsync(string run, [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation) =>
        page.Of(
            (await lab.ReadMetricSegmentsAsync(run, cancellation))
                .Select(segment => new MetricSegmentSummary(segment.Epoch, segment.From, segment.To, segment.Points.Length, segment.SupersededFrom)),
            segment => PageKey.Rising(segment.Epoch));

    private static async Task<Page<MetricPoint>> ListOfSegmentAsync(string run, long epoch, [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation)
    {
        var segment = (await lab.ReadMetricSegmentsAsync(run, cancellation)).FirstOrDefault(segment => segment.Epoch == epoch)
            ?? throw RequestFault.Missing($"Attempt {epoch} of run '{run}' has recorded nothing.");
        return page.Of(segment.Points, point => PageKey.Rising(point.Step), ApiLimits.LargestPageOfPoints);
    }
}
