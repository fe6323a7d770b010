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
        application.MapGet("/api/studies/{id}/comparison.json", (string id, IArtefactReader artefacts, CancellationToken cancellation) =>
            DownloadAsync(artefacts, id, ArtefactNames.Comparison, "application/json", $"{id}-comparison.json", cancellation));
        application.MapGet("/api/studies/{id}/report.html", (HttpContext context, string id, IStudyArchives archives, CancellationToken cancellation) =>
        {
            SecurityHeaders.ForADocument(context);
            return ExportAsync(id, async () => Results.Text(await archives.ReportAsync(id, cancellation), "text/html", System.Text.Encoding.UTF8));
        });
        application.MapGet("/api/studies/{id}/archive.zip", (string id, IStudyArchives archives, CancellationToken cancellation) =>
            ExportAsync(id, async () => Results.File(await archives.ExportAsync(id, cancellation), "application/zip", $"{id}.zip")));
        return application;
    }

    private static async Task<IResult> ExportAsync(string id, Func<Task<IResult>> export)
    {
        if (!Identifiers.IsValid(id))
        {
            return Results.NotFound();
        }

        try
        {
            return await export();
        }
        catch (LabException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }

    private static void OpenWhatSigningInNeeds(EndpointBuilder file)
    {
        if (file is RouteEndpointBuilder { RoutePattern.RawText: { } route } && SignInEndpoints.OpenFiles.Contains(route.TrimStart('/'), StringComparer.Ordinal))
        {
            file.Metadata.Add(new AllowAnonymousAttribute());
        }
    }

    private static async Task<IResult> DownloadAsync(
        IArtefactReader artefacts, string study, Func<string, string> artefact, string contentType, string? fileName, CancellationToken cancellation)
    {
        var text = Identifiers.IsValid(study) ? await artefacts.ReadTextAsync(artefact(study), cancellation) : null;
        return text is null
            ? Results.NotFound()
            : Results.File(System.Text.Encoding.UTF8.GetBytes(text), $"{contentType}; charset=utf-8", fileName);
    }
}
