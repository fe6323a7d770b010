using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Refuses what other sites make a browser send, whatever the endpoint: nothing has to be remembered for a new one.</summary>
internal static class RequestGuard
{
    private const string BlazorConnection = "/_blazor";

    /// <summary>Refuses changes and connections that come from a page of another site, and proxies where nobody has to sign in.</summary>
    public static async Task CheckOriginAsync(HttpContext context, RequestDelegate next)
    {
        if (IsThroughAProxy(context.Request) && !context.RequestServices.GetRequiredService<SignInTokens>().AreRequired)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "This lab was reached through a proxy, and nobody has to sign in; set Lab:RequireToken to true.");
        }
        else if (IsFromElsewhere(context.Request) && (IsChange(context.Request) || IsUpgrade(context.Request)))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The request comes from a page of another site.");
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>
    /// Every change carries an antiforgery token, in a form or in the header <c>RequestVerificationToken</c>. Exempt are Blazor's own connection,
    /// which starts with a protected marker of the page, and bearer tokens, which no browser sends by itself.
    /// </summary>
    public static async Task CheckAntiforgeryAsync(HttpContext context, RequestDelegate next)
    {
        if (IsChange(context.Request) && !context.Request.Path.StartsWithSegments(BlazorConnection) && LabAuthentication.BearerOf(context.Request) is null)
        {
            if (await FaultOfFormAsync(context) is { } status)
            {
                await RefuseAsync(context, status, status == StatusCodes.Status400BadRequest
                    ? "The form is too old, or not of this lab; go back, load the page again and repeat."
                    : "The form is larger than this lab takes.");
                return;
            }
        }

        await next(context);
    }

    private static async Task<int?> FaultOfFormAsync(HttpContext context)
    {
        // Endpoints that ask for it themselves have been checked already.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: var valid })
        {
            return valid ? null : StatusCodes.Status400BadRequest;
        }

        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return null;
        }
        catch (AntiforgeryValidationException exception)
        {
            return (exception.InnerException as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
        }
    }

    private static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method) && !HttpMethods.IsTrace(request.Method);

    private static bool IsUpgrade(HttpRequest request) => request.HttpContext.WebSockets.IsWebSocketRequest || request.Headers.Upgrade.Count > 0 || request.Headers.ContainsKey("Sec-WebSocket-Key");

    // The scheme may differ: a proxy may have taken the encryption off.
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsThroughAProxy(HttpRequest request) => request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded");

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            return Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence);
    }
}
