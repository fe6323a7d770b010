using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SlungOrleans.Silo.Api;

/// <summary>The lab over HTTP, beside the dashboard and with the same data. Whoever may use the dashboard may use it: the host's policy covers its endpoints.</summary>
internal static class LabApi
{
    /// <summary>Where the OpenAPI document is.</summary>
    public const string DocumentPath = "/api/openapi.json";

    private const string DocumentName = "v1";

    public static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddOpenApi(DocumentName, document =>
        {
            document.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
            document.AddDocumentTransformer(DescribeAsync);
        });
    }

    /// <summary>Says what went wrong below <c>/api</c>. Before everything that may refuse a request.</summary>
    public static void Use(WebApplication application) => application.Use(ApiProblems.GuardAsync);

    public static void Map(WebApplication application)
    {
        application.MapOpenApi(DocumentPath);
        var api = application.MapGroup("")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        StudyEndpoints.Map(api);
        RunEndpoints.Map(api);
        MetricEndpoints.Map(api);
        CheckpointEndpoints.Map(api);
        EvaluationEndpoints.Map(api);
        CorpusEndpoints.Map(api);
        TaggingJobEndpoints.Map(api);
        ClusterEndpoints.Map(api);
        UnansweredRequests.Map(application);
    }

    /// <summary>Says what of an endpoint's answers is a refusal.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "SlungOrleans",
            Version = "1",
            Description = "Studies, runs, metrics, checkpoints, evaluations, corpora and the cluster of a lab. Lists come in pages: `next` of one is `cursor` of the next. "
                + "Errors are problem details (RFC 9457): one sentence in `detail`, every fault in `faults`.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A sign-in token. Changes carry it even where nobody has to sign in, with any value: no page of another site can send it.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        return Task.CompletedTask;
    }
}
