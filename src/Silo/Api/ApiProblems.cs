using System.Text.Json;
using System.Text.RegularExpressions;
using SlungOrleans.Contracts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Api;

/// <summary>Every refusal and failure below <c>/api</c> as problem details (RFC 9457): one sentence in <c>detail</c>, every fault in <c>faults</c>.</summary>
internal static partial class ApiProblems
{
    /// <summary>The path that all of the API is below.</summary>
    public const string Root = "/api";

    /// <summary>The member that lists every fault.</summary>
    public const string FaultsMember = "faults";

    private static readonly string TooLarge = $"The body is larger than {ApiLimits.LargestBody >> 10} KiB, which is as much as this lab takes.";

    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Root))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await WriteAsync(context, FaultOf(context, exception));
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            await WriteAsync(context, FaultOf(context.Request, context.Response.StatusCode), context.Response.StatusCode);
        }
    }

    /// <summary>The status of an answer that says so.</summary>
    public static int StatusOf(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCodes.Status400BadRequest,
        FaultKind.NotSignedIn => StatusCodes.Status401Unauthorized,
        FaultKind.Forbidden => StatusCodes.Status403Forbidden,
        FaultKind.Missing => StatusCodes.Status404NotFound,
        FaultKind.Conflict => StatusCodes.Status409Conflict,
        FaultKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        FaultKind.WrongKind => StatusCodes.Status415UnsupportedMediaType,
        FaultKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>What an answer of that status says.</summary>
    public static FaultKind KindOf(int status) =>
        Enum.GetValues<FaultKind>().Where(kind => StatusOf(kind) == status).DefaultIfEmpty(status < 500 ? FaultKind.Invalid : FaultKind.Failed).First();

    private static RequestFault FaultOf(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case RequestFault fault:
                return fault;
            case LabException:
                return RequestFault.Conflict(exception.Message);
            case BadHttpRequestException refused:
                return new RequestFault(KindOf(refused.StatusCode), SentenceOf(refused));
            case BlobStoreException or OrleansException or TimeoutException:
                return new RequestFault(FaultKind.Unavailable, $"The lab cannot answer now: {exception.Message}");
            default:
                LogFailed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiProblems)), exception, context.Request.Method, context.Request.Path);
                return new RequestFault(FaultKind.Failed, $"The lab failed over this request, which is not the request's fault; its log has more under {context.TraceIdentifier}.");
        }
    }

    private static RequestFault FaultOf(HttpRequest request, int status) => new(KindOf(status), status switch
    {
        StatusCodes.Status400BadRequest => "The request is malformed, or addressed to a host name that Lab:AllowedHosts does not list.",
        StatusCodes.Status401Unauthorized => "This lab asks for a sign-in token; expected in the header 'Authorization: Bearer …'.",
        StatusCodes.Status403Forbidden => "The request is not allowed.",
        StatusCodes.Status404NotFound => $"There is nothing at '{request.Path}'.",
        StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not done to '{request.Path}'; the header 'Allow' says what is.",
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => $"The body's kind is '{request.ContentType}', which is not read here; /api/openapi.json says what is.",
        _ => $"The request was answered with status {status}.",
    });

    private static string SentenceOf(BadHttpRequestException exception)
    {
        if (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge;
        }

        if (Unread().Match(exception.Message) is { Success: true } match)
        {
            var name = match.Groups["name"].Value;
            return $"{char.ToLowerInvariant(name[0])}{name[1..]}: '{match.Groups["value"].Value}' is not {ExpectedOf(match.Groups["type"].Value)}.";
        }

        if (exception.InnerException is JsonException json)
        {
            var path = (json.Path ?? "$").TrimStart('$').TrimStart('.');
            return $"The body cannot be read as JSON{(path.Length > 0 ? $" at '{path}'" : "")}: line {(json.LineNumber ?? 0) + 1} does not have the form that is expected here; /api/openapi.json says which is.";
        }

        return exception.Message;
    }

    private static string ExpectedOf(string type) => type.TrimEnd('?') switch
    {
        "int" or "long" or "Nullable<int>" or "Nullable<long>" => "a whole number within range",
        "bool" or "Nullable<bool>" => "true or false",
        _ => "of the form that is expected here",
    };

    private static Task WriteAsync(HttpContext context, RequestFault fault, int? status = null) => Results.Problem(
        fault.Message,
        statusCode: status ?? StatusOf(fault.Kind),
        extensions: new Dictionary<string, object?> { [FaultsMember] = fault.Faults }).ExecuteAsync(context);

    // As ASP.NET Core says it; a test holds it to that.
    [GeneratedRegex("^Failed to bind parameter \"(?<type>[^ ]+) (?<name>[^\"]+)\" from \"(?<value>.*)\"\\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Unread();

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);
}
