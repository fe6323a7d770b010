using System.Net;
using System.Text.Json.Nodes;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

public sealed class EndpointTests : IAsyncLifetime
{
    private readonly InMemoryLab _lab = SampleLab.Create(SampleLab.Now);
    private readonly HttpClient _client = new();
    private DashboardHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await DashboardHost.StartAsync(_lab);
        _client.BaseAddress = new Uri(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Comparison_CompletedStudy_IsTheArtefactItself()
    {
        using var answer = await _client.GetAsync("/api/studies/quick-start/comparison.json");

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("quick-start-comparison.json", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(_lab.Artefacts[ArtefactNames.Comparison("quick-start")], await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Report_CompletedStudy_IsAPage()
    {
        using var answer = await _client.GetAsync("/api/studies/quick-start/report.html");

        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("report of quick-start", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_CompletedStudy_IsAFileOfItsName()
    {
        using var answer = await _client.GetAsync("/api/studies/quick-start/archive.zip");

        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("quick-start.zip", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal("archive of quick-start", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("comparison.json")]
    [InlineData("report.html")]
    [InlineData("archive.zip")]
    public async Task Download_StudyThatIsUnderWay_SaysThatItIsNotCompleted(string file)
    {
        using var answer = await _client.GetAsync($"/api/studies/invented-slurs-sweep/{file}");

        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("Study 'invented-slurs-sweep' is running; it has a comparison,", await SaidAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("comparison.json")]
    [InlineData("report.html")]
    [InlineData("archive.zip")]
    public async Task Download_StudyThatIsNotThere_SaysSo(string file)
    {
        using var answer = await _client.GetAsync($"/api/studies/nobody/{file}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no study 'nobody'.", await SaidAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/studies/Not%20An%20Id/archive.zip")]
    [InlineData("/api/studies/..%2Fsecrets/comparison.json")]
    [InlineData("/api/studies/Not%20An%20Id/comparison.json")]
    public async Task Download_NothingThere_IsNotFound(string address)
    {
        using var answer = await _client.GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/studies/quick-start")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/SlungOrleans.Dashboard/js/line-chart.js")]
    [InlineData("/_content/SlungOrleans.Dashboard/lib/uplot/uPlot.esm.js")]
    [InlineData("/_content/SlungOrleans.Dashboard/SlungOrleans.Dashboard.bundle.scp.css")]
    [InlineData("/_content/Radzen.Blazor/css/standard-dark-base.css")]
    public async Task Get_PageOrFile_IsThere(string address)
    {
        using var answer = await _client.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Get_UnknownPage_IsNotFoundButAPage()
    {
        using var answer = await _client.GetAsync("/no/where");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<html lang=\"en\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string?> SaidAsync(HttpResponseMessage answer)
    {
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal([(string?)problem["detail"]], problem["faults"]!.AsArray().Select(fault => (string?)fault));
        return (string?)problem["detail"];
    }
}
