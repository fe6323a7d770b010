using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using SlungOrleans.Dashboard.Components.SignIn;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Signing in and out, and the one endpoint for probes.</summary>
internal static class SignInEndpoints
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Health = "/health";
    public const string TokenField = "token";
    public const string ReturnField = "return";

    private const long LargestForm = 16 * 1024;

    /// <summary>What the sign-in page needs, all that is open of the dashboard's files.</summary>
    public static readonly string[] OpenFiles =
    [
        "_content/SlungOrleans.Dashboard/css/dashboard.css",
        "_content/SlungOrleans.Dashboard/icon.svg",
        "_content/SlungOrleans.Dashboard/js/color-scheme.js",
        "_content/SlungOrleans.Dashboard/js/sign-in.js",
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Health, () => "healthy").AllowAnonymous();
        endpoints.MapGet(SignIn, Show).AllowAnonymous();
        endpoints.MapPost(SignIn, SignInAsync).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(LargestForm));
        endpoints.MapPost(SignOut, (Delegate)SignOutAsync).WithMetadata(new RequestSizeLimitAttribute(LargestForm));
    }

    private static IResult Show(HttpContext context, IAntiforgery antiforgery, [FromQuery(Name = ReturnField)] string? address) =>
        context.User.Identity?.IsAuthenticated == true ? Results.LocalRedirect(LocalAddress.OrHome(address)) : Page(context, antiforgery, address, fault: null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, SignInTokens tokens, SignInThrottle throttle)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? address = form[ReturnField];
        if (!throttle.Allows(context))
        {
            return Page(context, antiforgery, address, "There were too many wrong tokens; wait a minute.", StatusCodes.Status429TooManyRequests);
        }

        if (tokens.Identify(form[TokenField].ToString().Trim(), LabAuthentication.Cookie) is not { } principal)
        {
            throttle.CountFailure(context);
            return Page(context, antiforgery, address, "This is not a token of this lab.", StatusCodes.Status401Unauthorized);
        }

        await context.SignInAsync(LabAuthentication.Cookie, principal, new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalAddress.OrHome(address));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(LabAuthentication.Cookie);
        return Results.LocalRedirect(SignIn);
    }

    private static RazorComponentResult<SignInPage> Page(HttpContext context, IAntiforgery antiforgery, string? address, string? fault, int status)
    {
        // Signed in or not, the form is for somebody who is not.
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
        {
            [nameof(SignInPage.AntiforgeryField)] = tokens.FormFieldName,
            [nameof(SignInPage.AntiforgeryToken)] = tokens.RequestToken,
            [nameof(SignInPage.ReturnAddress)] = LocalAddress.OrHome(address),
            [nameof(SignInPage.Fault)] = fault,
        })
        { StatusCode = status };
    }
}
