using System.Net;
using SlungOrleans.Dashboard.Tests.Browser;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Security;

/// <summary>What other sites and hosts can make a browser ask, where nobody has to sign in.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private DashboardHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await DashboardHost.StartAsync(SampleLab.Create(SampleLab.Now));
        _client.BaseAddress = new Uri(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.BadRequest)]
    public async Task Get_HostThatIsNotAllowed_IsRefused(string host, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };

        using var answer = await _client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task Post_FromAnotherSite_IsRefused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", origin } } };

        using var answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Post_BlazorFromItsOwnPage_IsAnswered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", _host.Address } } };

        using var answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/studies/quick-start/comparison.json")]
    [InlineData("/sign-out")]
    [InlineData("/no/where")]
    public async Task Post_WithoutAntiforgeryToken_IsRefusedWhateverTheEndpoint(string address)
    {
        using var answer = await _client.PostAsync(address, content: null);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed });
    }

    [Theory]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task Get_ThroughAProxyAndNobodySignsIn_IsRefused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { header, value } } };

        using var answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Post_LargerThanAllowed_IsRefused()
    {
        using var content = new ByteArrayContent(new byte[(1024 * 1024) + 1]) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = content, Headers = { ExpectContinue = true } };

        using var answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/no/where")]
    [InlineData("/api/studies/quick-start/comparison.json")]
    [InlineData("/_content/SlungOrleans.Dashboard/js/line-chart.js")]
    public async Task Get_Anything_CannotBeFramedOrGuessed(string address)
    {
        using var answer = await _client.GetAsync(address);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Resource-Policy"));
    }

    [Fact]
    public async Task Get_Report_MayRunNothing()
    {
        using var answer = await _client.GetAsync("/api/studies/quick-start/report.html");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.EndsWith("sandbox", policy, StringComparison.Ordinal);
    }
}
