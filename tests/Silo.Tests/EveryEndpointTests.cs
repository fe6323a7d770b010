using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SlungOrleans.Silo.Tests;

/// <summary>Every endpoint of the silo as it is served, whoever mapped it.</summary>
[Collection(ServedLabCollection.Settings)]
public sealed partial class EveryEndpointTests : IAsyncLifetime
{
    private const string Token = "a-token-of-the-tests";

    private ServedLab _lab = null!;

    public async Task InitializeAsync() => _lab = await ServedLab.StartAsync(Token);

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task Request_NotSignedIn_IsRefusedByAllButTheOpenOnes()
    {
        string[] open =
        [
            "GET /_content/SlungOrleans.Dashboard/css/dashboard.css", "GET /_content/SlungOrleans.Dashboard/icon.svg",
            "GET /_content/SlungOrleans.Dashboard/js/color-scheme.js", "GET /_content/SlungOrleans.Dashboard/js/sign-in.js",
            "GET /health", "GET /sign-in", "POST /sign-in",
        ];
        var requests = Requests();

        var answered = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (method, address) in requests)
        {
            using var answer = await SendAsync(method, address);
            var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.AbsolutePath == "/sign-in" && method == HttpMethod.Get);
            if (!refused)
            {
                answered.Add($"{method} {address}");
            }
        }

        Assert.Contains((HttpMethod.Post, "/_blazor/negotiate"), requests);
        Assert.Contains((HttpMethod.Get, "/studies/some-1"), requests);
        Assert.Contains((HttpMethod.Get, "/api/studies/some-1/comparison.json"), requests);
        Assert.Equal(open, answered);
    }

    [Fact]
    public async Task Request_WithTheToken_IsRefusedByNone()
    {
        foreach (var (_, address) in Requests().Where(request => request.Method == HttpMethod.Get))
        {
            using var answer = await SendAsync(HttpMethod.Get, address, Token);

            Assert.False(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"GET {address}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/nothing.js")]
    [InlineData("/api/nothing")]
    [InlineData("/%2e%2e/audit.jsonl")]
    public async Task Request_NoSuchEndpoint_IsRefusedToo(string address)
    {
        using var answer = await SendAsync(HttpMethod.Delete, address);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, null, 401)]
    [InlineData("wrong", null, 401)]
    [InlineData(Token, "http://evil.example", 403)]
    [InlineData(Token, "null", 403)]
    [InlineData(Token, null, 101)]
    public async Task Connect_BlazorHub_OnlySignedInFromItsOwnPages(string? token, string? origin, int status)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        var refusal = await Record.ExceptionAsync(() => socket.ConnectAsync(new Uri($"ws://{_lab.Client.BaseAddress!.Authority}/_blazor"), default));

        Assert.Equal(status, (int)socket.HttpStatusCode);
        Assert.Equal(status == 101, refusal is null);
    }

    private (HttpMethod Method, string Address)[] Requests() =>
    [
        .. from endpoint in _lab.Services.GetRequiredService<EndpointDataSource>().Endpoints
           let route = Assert.IsType<RouteEndpoint>(endpoint)
           from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
           where method != "HEAD"
           select (new HttpMethod(method), "/" + ParameterPattern().Replace(route.RoutePattern.RawText!, "some-1").TrimStart('/')) into request
           group request by request into same
           select same.Key,
    ];

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? token = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _lab.Client.SendAsync(request);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex ParameterPattern();
}
