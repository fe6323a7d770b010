using Microsoft.AspNetCore.Http;

namespace SlungOrleans.Dashboard.Security;

/// <summary>What a browser may do with the dashboard's answers.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Scripts, styles and connections of the dashboard's own only. Blazor writes <c>style</c> attributes (the width of a progress bar), so these
    /// are allowed; charts are saved by way of <c>blob:</c> and <c>data:</c>.
    /// </summary>
    private const string OfThePages =
        "default-src 'none'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>For a document that carries everything in itself: no scripts, no requests.</summary>
    private const string OfADocument = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = OfThePages;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";

        // Not "no-referrer": with it, a browser hides the origin of the dashboard's own forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }

    public static void ForADocument(HttpContext context) => context.Response.Headers.ContentSecurityPolicy = OfADocument;
}
