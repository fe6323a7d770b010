using Microsoft.AspNetCore.Routing.Template;

namespace SlungOrleans.Silo.Api;

/// <summary>Requests below <c>/api</c> that no endpoint takes; without this one the dashboard's page for what is not found would.</summary>
internal static class UnansweredRequests
{
    private const string Pattern = ApiProblems.Root + "/{**rest}";

    public static void Map(IEndpointRouteBuilder api) => api.Map(Pattern, Refuse).ExcludeFromDescription();

    /// <summary>The address may be right, and the method or the kind of the body wrong.</summary>
    private static void Refuse(HttpContext context, EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => IsAt(endpoint, context.Request.Path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (methods.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = string.Join(", ", methods);
        }
    }

    private static bool IsAt(RouteEndpoint endpoint, PathString path) =>
        endpoint.RoutePattern.RawText is { } pattern
        && pattern != Pattern
        && pattern.StartsWith(ApiProblems.Root, StringComparison.Ordinal)
        && new TemplateMatcher(TemplateParser.Parse(pattern.TrimStart('/')), []).TryMatch(path, []);
}
