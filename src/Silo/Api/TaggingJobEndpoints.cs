using System.ComponentModel;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary><c>/api/tagging-jobs</c>.</summary>
internal static class TaggingJobEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/api/tagging-jobs").WithTags("tagging jobs");
        jobs.MapGet("", ListAsync).WithName("list-tagging-jobs").WithSummary("Tagging jobs, by id.").Refuses(StatusCodes.Status404NotFound);
        jobs.MapGet("/{job}", (string job, LocalLab lab) => lab.GetTaggingJobAsync(job))
            .WithName("get-tagging-job").WithSummary("What a tagging job is and where it stands.").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Page<TaggingView>> ListAsync(
        [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation, [Description("Only jobs over this corpus.")] string? corpus = null)
    {
        var ids = page.Of(await lab.ListTaggingJobsAsync(corpus, cancellation), id => id);
        return new Page<TaggingView>([.. await Task.WhenAll(ids.Items.Select(lab.GetTaggingJobAsync))], ids.Next);
    }
}
