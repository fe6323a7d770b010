using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SlungOrleans.Silo.Tests.Api;

/// <summary>The OpenAPI document, compared with the endpoints that the silo serves.</summary>
[Collection(ServedLabCollection.Settings)]
public sealed class OpenApiTests : IAsyncLifetime
{
    private const string Document = "/api/openapi.json";

    private ServedLab _lab = null!;
    private JsonNode _document = null!;

    public async Task InitializeAsync()
    {
        _lab = await ServedLab.StartAsync();
        _document = JsonNode.Parse(await _lab.Client.GetStringAsync(Document))!;
    }

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public void Document_ComparedWithWhatIsServed_ListsEveryEndpointAndNoOther()
    {
        var served =
            from endpoint in _lab.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where path.StartsWith("/api/", StringComparison.Ordinal) && path != Document
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            select $"{method.ToUpperInvariant()} {path}";

        Assert.Equal(served.Order(StringComparer.Ordinal), Operations().Select(operation => operation.Name).Order(StringComparer.Ordinal));
        Assert.True(Operations().Count() > 40);
    }

    [Fact]
    public void Operations_OfTheApi_HaveNameSummaryAnswersAndProblems()
    {
        var own = Operations().Where(operation => Path.GetExtension(operation.Name) is not (".json" or ".html" or ".zip")).ToList();

        Assert.Distinct(own.Select(operation => (string)operation.Operation["operationId"]!));
        Assert.All(own, operation =>
        {
            Assert.EndsWith(".", (string)operation.Operation["summary"]!, StringComparison.Ordinal);
            var answers = operation.Operation["responses"]!.AsObject();
            var success = Assert.Single(answers, answer => answer.Key[0] == '2');
            Assert.NotNull(success.Value!["content"]!["application/json"]!["schema"]);
            foreach (var status in new[] { "400", "401", "500", "503" })
            {
                Assert.NotNull(answers[status]!["content"]!["application/problem+json"]);
            }
        });
    }

    [Fact]
    public void Launch_InTheDocument_TakesYaml()
    {
        var launch = _document["paths"]!["/api/studies"]!["post"]!;

        Assert.Contains("application/yaml", launch["requestBody"]!["content"]!.AsObject().Select(content => content.Key));
        Assert.NotNull(launch["responses"]!["413"]);
        Assert.Equal("bearer", (string?)_document["components"]!["securitySchemes"]!["token"]!["scheme"]);
    }

    private IEnumerable<(string Name, JsonNode Operation)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!);
}
