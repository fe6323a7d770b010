using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary><c>/api/corpora</c>.</summary>
internal static class CorpusEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var corpora = api.MapGroup("/api/corpora").WithTags("corpora");
        corpora.MapGet("", ListAsync).WithName("list-corpora").WithSummary("Corpora, by name.");
        corpora.MapPost("", ImportAsync).WithName("import-corpus").WithSummary("Begins to import a corpus from a file of the lab's machine.")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        corpora.MapGet("/{corpus}", (string corpus, LocalLab lab, CancellationToken cancellation) => lab.GetCorpusAsync(corpus, cancellation))
            .WithName("get-corpus").WithSummary("What a corpus is and where its import stands.").Refuses(StatusCodes.Status404NotFound);
        corpora.MapGet("/{corpus}/documents", ListDocumentsAsync).WithName("list-documents")
            .WithSummary($"Documents of a corpus as they are, with scored spans. At most {ApiLimits.LargestPageOfDocuments} per page.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<Page<CorpusView>> ListAsync([AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation)
    {
        var names = page.Of(await lab.ListCorpusNamesAsync(), name => name);
        return new Page<CorpusView>([.. await Task.WhenAll(names.Items.Select(name => lab.GetCorpusAsync(name, cancellation)))], names.Next);
    }

    private static async Task<Accepted<CorpusView>> ImportAsync(CorpusSpecification body, LocalLab lab, CancellationToken cancellation) =>
        TypedResults.Accepted($"/api/corpora/{body.Name}", await lab.ImportAsync(body, cancellation));

    private static async Task<Page<DocumentView>> ListDocumentsAsync(
        string corpus,
        [AsParameters] PageQuery page,
        LocalLab lab,
        CancellationToken cancellation,
        [Description("The tagging job whose spans to show. Without: the spans that came with the corpus.")] string? taggingJob = null,
        [Description("Whether to pass over documents without spans.")] bool onlyWithSpans = false)
    {
        // A version never changes: the number of documents before the page is its place.
        var skip = page.After is null ? 0 : int.TryParse(page.After, out var before) && before >= 0 ? before : throw PageQuery.NoCursor(page.Cursor!);
        var take = page.Take(ApiLimits.LargestPageOfDocuments);
        var read = await lab.ReadDocumentsAsync(new DocumentQuery(corpus, skip, take, taggingJob, onlyWithSpans), cancellation);
        return new Page<DocumentView>(read.Documents, read.More ? PageQuery.CursorOf($"{skip + read.Documents.Length}") : null);
    }
}
