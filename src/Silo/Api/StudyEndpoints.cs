using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>Steps that there are to be in all.</summary>
/// <param name="Steps">Those that are done included.</param>
internal sealed record ContinueRequest(int Steps);

/// <summary>What an import came to.</summary>
/// <param name="Study">The study's name.</param>
internal sealed record ImportAnswer(string Study);

/// <summary><c>/api/studies</c>.</summary>
internal static class StudyEndpoints
{
    private const string Yaml = "application/yaml";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Map(IEndpointRouteBuilder api)
    {
        var studies = api.MapGroup("/api/studies").WithTags("studies");
        studies.MapGet("", ListAsync).WithName("list-studies").WithSummary("Studies, newest first.");
        studies.MapPost("", LaunchAsync).WithName("launch-study")
            .WithSummary("Launches a study, written as YAML, or goes on with an unfinished one that is the same. Paths in it are those of the lab's machine.")
            .Accepts<string>(Yaml, "text/yaml", "application/x-yaml", "application/json")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        studies.MapPost("/import", ImportAsync).WithName("import-study")
            .WithSummary("Takes in a study that another lab has exported: to be looked at, compared and exported, and never run.")
            .Accepts<Stream>("application/zip")
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status415UnsupportedMediaType);
        studies.MapGet("/{study}", (string study, LocalLab lab, CancellationToken cancellation) => lab.GetStudyAsync(study, cancellation))
            .WithName("get-study").WithSummary("What a study is and where it stands, with its runs.").Refuses(StatusCodes.Status404NotFound);
        studies.MapGet("/{study}/runs", ListRunsAsync).WithName("list-runs-of-study").WithSummary("A study's runs, arm by arm.").Refuses(StatusCodes.Status404NotFound);
        Action(studies, WorkAction.Pause, "Holds a study and its runs and evaluations back until it is resumed.");
        Action(studies, WorkAction.Resume, "Lets a paused study, and all its paused runs and evaluations, go on.");
        Action(studies, WorkAction.Cancel, "Stops a study and what it has under way.");
        Action(studies, WorkAction.Retry, "Tries again what failed or was cancelled of a study, keeping what is done.");
        studies.MapPost("/{study}/continue", (string study, ContinueRequest body, LocalLab lab, CancellationToken cancellation) =>
                lab.ActOnStudyAsync(WorkAction.Continue, study, body.Steps, cancellation))
            .WithName("continue-study").WithSummary("Trains all runs of a completed study on until they have so many steps in all.")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.LargestBody))
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
    }

    private static void Action(IEndpointRouteBuilder studies, WorkAction action, string summary)
    {
        var name = action.ToString().ToLowerInvariant();
        studies.MapPost($"/{{study}}/{name}", (string study, LocalLab lab, CancellationToken cancellation) => lab.ActOnStudyAsync(action, study, steps: 0, cancellation))
            .WithName($"{name}-study").WithSummary(summary + " May be given again with the same effect.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<Page<StudySummary>> ListAsync([AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation) =>
        page.Of(await lab.ListStudiesAsync(cancellation), LocalLab.KeyOf);

    private static async Task<Page<StudyRun>> ListRunsAsync(
        [Description("The study's name.")] string study, [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation)
    {
        var view = await lab.GetStudyAsync(study, cancellation);
        var runs = page.Of(view.Runs.Index(), run => PageKey.Rising(run.Index));
        return new Page<StudyRun>([.. await Task.WhenAll(runs.Items.Select(run => lab.GetRunAsync(view.Id, run.Item)))], runs.Next);
    }

    private static async Task<Created<ImportAnswer>> ImportAsync(
        HttpRequest request, LocalLab lab, [Description("The name of the archive's file, for people.")] string file, CancellationToken cancellation)
    {
        var study = await lab.ImportStudyAsync(request.Body, file, cancellation);
        return TypedResults.Created($"/api/studies/{study}", new ImportAnswer(study));
    }

    private static async Task<Created<StudyView>> LaunchAsync(HttpRequest request, LocalLab lab, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body, Utf8);
        try
        {
            var study = await lab.LaunchAsync(await reader.ReadToEndAsync(cancellation), cancellation);
            return TypedResults.Created($"/api/studies/{study.Id}", study);
        }
        catch (DecoderFallbackException)
        {
            throw RequestFault.Invalid("The body is not UTF-8; a study as YAML is expected.");
        }
    }
}
