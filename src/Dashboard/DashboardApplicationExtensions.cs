using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard;

/// <summary>Maps the dashboard's pages, files and downloads.</summary>
public static class DashboardApplicationExtensions
{
    /// <summary>
    /// Maps every page of the dashboard, the files they need, and the downloads of a study. Every endpoint of the host, its own too,
    /// is closed to whoever has not signed in, unless it says that it is open; where <see cref="DashboardOptions.Tokens"/> is empty nobody has to
    /// sign in. The host's executable project imports <c>src/Dashboard/build/BlazorScript.targets</c> and calls
    /// <c>builder.WebHost.UseStaticWebAssets()</c>.
    /// </summary>
    /// <param name="application">The host.</param>
    public static WebApplication MapDashboard(this WebApplication application)
    {
        application.Use(SecurityHeaders.AddAsync);
        application.UseHostFiltering();
        application.Use(RequestGuard.CheckOriginAsync);
        application.UseAuthentication();
        application.UseAuthorization();
        application.UseAntiforgery();
        application.Use(RequestGuard.CheckAntiforgeryAsync);

        SignInEndpoints.Map(application);
        application.MapStaticAssets().Add(OpenWhatSigningInNeeds);

        // The header says it for every answer, not for the pages alone.
        application.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        application.MapGet("/api/studies/{id}/comparison.json", async (string id, IGrainFactory grains, IArtefactReader artefacts, CancellationToken cancellation) =>
            await ComparisonAsync(id, artefacts, cancellation) ?? await ExplainAsync(id, grains) ?? Results.NotFound());
        application.MapGet("/api/studies/{id}/report.html", (HttpContext context, string id, IGrainFactory grains, IStudyArchives archives, CancellationToken cancellation) =>
        {
            SecurityHeaders.ForADocument(context);
            return ExportAsync(id, grains, async () => Results.Text(await archives.ReportAsync(id, cancellation), "text/html", System.Text.Encoding.UTF8));
        });
        application.MapGet("/api/studies/{id}/archive.zip", (string id, IGrainFactory grains, IStudyArchives archives, CancellationToken cancellation) =>
            ExportAsync(id, grains, async () => Results.File(await archives.ExportAsync(id, cancellation), "application/zip", $"{id}.zip")));
        return application;
    }

    private static async Task<IResult> ExportAsync(string id, IGrainFactory grains, Func<Task<IResult>> export)
    {
        try
        {
            return await ExplainAsync(id, grains) ?? await export();
        }
        catch (LabException exception)
        {
            return Problem(exception.Message, StatusCodes.Status404NotFound);
        }
    }

    /// <summary>Why there is nothing to download of a study; null where it is completed.</summary>
    private static async Task<IResult?> ExplainAsync(string id, IGrainFactory grains)
    {
        if (!Identifiers.IsValid(id))
        {
            return Results.NotFound();
        }

        return await grains.GetGrain<IStudyGrain>(id).GetAsync() switch
        {
            { Specification: null } => Problem($"There is no study '{id}'.", StatusCodes.Status404NotFound),
            { Stage: not StudyStage.Completed and var stage } => Problem(
                $"Study '{id}' is {stage.ToString().ToLowerInvariant()}; it has a comparison, a report and an archive once it is completed.", StatusCodes.Status409Conflict),
            _ => null,
        };
    }

    // With every fault in a list, as all problems of the API.
    private static IResult Problem(string sentence, int status) =>
        Results.Problem(sentence, statusCode: status, extensions: new Dictionary<string, object?> { ["faults"] = new[] { sentence } });

    private static void OpenWhatSigningInNeeds(EndpointBuilder file)
    {
        if (file is RouteEndpointBuilder { RoutePattern.RawText: { } route } && SignInEndpoints.OpenFiles.Contains(route.TrimStart('/'), StringComparer.Ordinal))
        {
            file.Metadata.Add(new AllowAnonymousAttribute());
        }
    }

    /// <summary>Also that of a completed study which is trained on.</summary>
    private static async Task<IResult?> ComparisonAsync(string id, IArtefactReader artefacts, CancellationToken cancellation) =>
        Identifiers.IsValid(id) && await artefacts.ReadTextAsync(ArtefactNames.Comparison(id), cancellation) is { } text
            ? Results.File(System.Text.Encoding.UTF8.GetBytes(text), "application/json; charset=utf-8", $"{id}-comparison.json")
            : null;
}
