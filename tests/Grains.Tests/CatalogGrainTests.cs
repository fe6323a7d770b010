using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

/// <summary>What the catalog lists.</summary>
public sealed class CatalogGrainTests
{
    [Fact]
    public async Task ListTaggingJobs_AskedForTwiceAndStartedAgain_HasEachOnceInOrder()
    {
        await using var host = await GrainHost.StartAsync();
        foreach (var (job, corpus) in new[] { ("pool-2-gold", "pool"), ("pool-1-gold", "pool"), ("pool-2-gold", "pool"), ("comments-1-gold", "comments") })
        {
            await host.Grains.GetGrain<ITaggingJobGrain>(job).TagAsync(new TaggingRequest { Corpus = corpus, Version = "1" }, study: null);
        }

        await host.StopAsync();
        await host.StartAgainAsync();

        TaggingJobName[] expected = [new("comments-1-gold", "comments"), new("pool-1-gold", "pool"), new("pool-2-gold", "pool")];
        Assert.Equal(expected, await host.Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListTaggingJobsAsync());
    }
}
