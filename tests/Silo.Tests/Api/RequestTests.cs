using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SlungOrleans.Silo.Tests.Api;

/// <summary>Bodies that JSON allows and the API does not.</summary>
[Collection(ServedLabCollection.Settings)]
public sealed class RequestTests : IAsyncLifetime
{
    private ServedLab _lab = null!;

    public async Task InitializeAsync() => _lab = await ServedLab.StartAsync();

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Theory]
    [InlineData("""{ "checkpoints": [null] }""")]
    [InlineData("""{ "checkpoints": [{ "step": 3, "epoch": 1 }, null] }""")]
    [InlineData("""{ "checkpoints": [] }""")]
    public async Task Prune_NoCheckpointNamed_IsRefusedInASentence(string body)
    {
        _lab.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "none");

        using var answer = await _lab.Client.PostAsync(new Uri("api/runs/some/checkpoints/prune", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("checkpoints: at least one is expected", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!, StringComparison.Ordinal);
    }
}
