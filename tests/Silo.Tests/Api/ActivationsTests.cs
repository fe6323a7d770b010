using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests.Api;

[Collection("environment variables")]
public sealed class ActivationsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("activations-");
    private readonly HttpClient _client = new();
    private WebApplication _silo = null!;

    public async Task InitializeAsync()
    {
        _silo = LabHost.CreateServer(new CommandSettings(_data.FullName, Devices: 0), "http://127.0.0.1:0");
        await _silo.StartAsync();
        _client.BaseAddress = new Uri(_silo.Urls.First());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _silo.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Activations_AfterThreeGrainsWereAsked_AreCountedByTypeOnThisSilo()
    {
        var grains = _silo.Services.GetRequiredService<IGrainFactory>();
        await Task.WhenAll(new[] { "one", "two", "three" }.Select(name => grains.GetGrain<IEvaluationGrain>(name).GetAsync()));

        var counts = await ItemsAsync("");

        Assert.Equal(3, (int?)Assert.Single(counts, count => (string?)count!["grainType"] == "evaluation")!["count"]);
        var silo = _silo.Services.GetRequiredService<IOptions<LabOptions>>().Value.SiloName;
        Assert.All(counts, count => Assert.Equal(silo, (string?)count!["silo"]));
    }

    [Fact]
    public async Task Activations_PageByPage_AreThoseOfOnePage()
    {
        var grains = _silo.Services.GetRequiredService<IGrainFactory>();
        await grains.GetGrain<IEvaluationGrain>("one").GetAsync();
        await grains.GetGrain<ICorpusGrain>("one").GetAsync();
        var whole = await ItemsAsync("");
        var single = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await ReadAsync($"?limit=1{next}");
            single.Add(Assert.Single(page["items"]!.AsArray())!.ToJsonString());
            next = (string?)page["next"] is { } cursor ? $"&cursor={cursor}" : null;
        }

        Assert.True(whole.Count > 1);
        Assert.Equal(whole.Select(count => count!.ToJsonString()), single);
    }

    private async Task<JsonArray> ItemsAsync(string query) => (await ReadAsync(query))["items"]!.AsArray();

    private async Task<JsonNode> ReadAsync(string query)
    {
        using var answer = await _client.GetAsync(new Uri($"/api/cluster/activations{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
