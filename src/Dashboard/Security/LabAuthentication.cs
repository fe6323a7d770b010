using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Who a request comes from: a browser's cookie, a program's bearer token, or, where nobody has to sign in, anybody on this machine.</summary>
internal static class LabAuthentication
{
    public const string Cookie = "cookie";
    public const string Token = "token";

    private const string Choice = "choice";
    private const string BearerPrefix = "Bearer ";
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(7);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<SignInTokens>();
        services.AddSingleton<SignInThrottle>();
        services.AddAuthentication(Choice)
            .AddPolicyScheme(Choice, displayName: null, options => options.ForwardDefaultSelector = Choose)
            .AddCookie(Cookie, ConfigureCookie)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, configureOptions: null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
    }

    /// <summary>The bearer token that the request carries; null if it carries none.</summary>
    public static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? header[BearerPrefix.Length..].Trim() : null;

    private static string Choose(HttpContext context) =>
        context.RequestServices.GetRequiredService<SignInTokens>().AreRequired && BearerOf(context.Request) is null ? Cookie : Token;

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "slungorleans";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.LoginPath = SignInEndpoints.SignIn;
        options.ReturnUrlParameter = SignInEndpoints.ReturnField;
        options.ExpireTimeSpan = CookieLifetime;
        options.SlidingExpiration = true;
        options.Events.OnRedirectToLogin = context =>
        {
            if (IsForAPage(context.Request))
            {
                context.Response.Redirect(context.RedirectUri);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }

            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = context =>
        {
            if (!context.HttpContext.RequestServices.GetRequiredService<SignInTokens>().StillKnow(context.Principal!))
            {
                context.RejectPrincipal();
            }

            return Task.CompletedTask;
        };
    }

    private static bool IsForAPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/_blazor")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private sealed class TokenHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignInTokens tokens, SignInThrottle throttle)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }

        private AuthenticateResult Authenticate()
        {
            if (!tokens.AreRequired)
            {
                return Success(SignInTokens.Anybody(Scheme.Name));
            }

            if (BearerOf(Request) is not { } presented)
            {
                return AuthenticateResult.NoResult();
            }

            if (!throttle.Allows(Context))
            {
                return AuthenticateResult.Fail("Too many wrong tokens.");
            }

            if (tokens.Identify(presented, Scheme.Name) is { } principal)
            {
                return Success(principal);
            }

            throttle.CountFailure(Context);
            return AuthenticateResult.Fail("Nobody has this token.");
        }

        private AuthenticateResult Success(ClaimsPrincipal principal) => AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }
}
