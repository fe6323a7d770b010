using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests.Api;

[Collection(ServedLabCollection.Settings)]
public sealed class ActivationsTests : IAsyncLifetime
{
    private ServedLab _lab = null!;

    public async Task InitializeAsync() => _lab = await ServedLab.StartAsync();

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task Activations_AfterThreeGrainsWereAsked_AreCountedByTypeOnThisSilo()
    {
        var grains = _lab.Services.GetRequiredService<IGrainFactory>();
        await Task.WhenAll(new[] { "one", "two", "three" }.Select(name => grains.GetGrain<IEvaluationGrain>(name).GetAsync()));

        var counts = await ItemsAsync("");

        Assert.Equal(3, (int?)Assert.Single(counts, count => (string?)count!["grainType"] == "evaluation")!["count"]);
        var silo = _lab.Services.GetRequiredService<IOptions<LabOptions>>().Value.SiloName;
        Assert.All(counts, count => Assert.Equal(silo, (string?)count!["silo"]));
    }

    [Fact]
    public async Task Activations_PageByPage_AreThoseOfOnePage()
    {
        var grains = _lab.Services.GetRequiredService<IGrainFactory>();
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
        using var answer = await _lab.Client.GetAsync(new Uri($"/api/cluster/activations{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
