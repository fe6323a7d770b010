using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Artefacts;

namespace SlungOrleans.Silo.Tests;

/// <summary>Two corpora whose documents have the same ids and different texts, as one synthetic part in two languages has.</summary>
public sealed class SharedIdsTests
{
    [Theory]
    [InlineData("replies")]
    [InlineData("prompts")]
    public async Task ReadNewest_CorporaThatShareIds_NamesEachDocumentByItsCorpus(string part)
    {
        await using var lab = await Lab.StartAsync(devices: 1);
        await ImportAsync(lab, "one", part, language: 1);
        await ImportAsync(lab, "other", part, language: 2);
        var files = lab.Get<CorpusFiles>();
        var one = files.ReadNewest(["one"]).ToDictionary(document => document.Id, document => document.Text);
        var other = files.ReadNewest(["other"]).ToDictionary(document => document.Id, document => document.Text);

        var both = files.ReadNewest(["one", "other"]).ToList();

        Assert.Equal(one.Keys, other.Keys);
        Assert.NotEqual(one.Values, other.Values);
        Assert.Equal(one.Count + other.Count, both.DistinctBy(document => document.Id).Count());
        Assert.All(one, document => Assert.Equal(document.Value, both.Single(known => known.Id == $"one/{document.Key}").Text));
        Assert.All(other, document => Assert.Equal(document.Value, both.Single(known => known.Id == $"other/{document.Key}").Text));
    }

    private static async Task ImportAsync(Lab lab, string corpus, string part, int language)
    {
        var grain = lab.Get<IGrainFactory>().GetGrain<ICorpusGrain>(corpus);
        await grain.ImportAsync(new CorpusSpecification { Name = corpus, Synthetic = new SyntheticSpecification { Part = part, Documents = 6, LanguageSeed = language } }, null);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await grain.GetAsync()).Version.Length == 0)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
