using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests.Api;

/// <summary>Bodies that JSON allows and the API does not.</summary>
[Collection("environment variables")]
public sealed class RequestTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("requests-");
    private WebApplication _silo = null!;

    public async Task InitializeAsync()
    {
        _silo = LabHost.CreateServer(new CommandSettings(_data.FullName, Devices: 0), "http://127.0.0.1:0");
        await _silo.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("""{ "checkpoints": [null] }""")]
    [InlineData("""{ "checkpoints": [{ "step": 3, "epoch": 1 }, null] }""")]
    [InlineData("""{ "checkpoints": [] }""")]
    public async Task Prune_NoCheckpointNamed_IsRefusedInASentence(string body)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_silo.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "none");

        using var answer = await client.PostAsync(new Uri("api/runs/some/checkpoints/prune", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("checkpoints: at least one is expected", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!, StringComparison.Ordinal);
    }
}
