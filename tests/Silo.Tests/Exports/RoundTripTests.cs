using System.Globalization;
using System.Text;
using System.Text.Json;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Tests.Exports;

[Collection(ExportFixture.Name)]
public sealed class RoundTripTests(ExportFixture fixture)
{
    private const string Run = "small-masked-a300-s1";

    [Fact]
    public async Task Export_CompletedStudy_HasEveryPointSeedTestAndGeneration()
    {
        var archive = Archive.Open(fixture.Archive);
        var study = await fixture.Source.StudyAsync(ExportFixture.Study);
        var store = fixture.Source.Get<IBlobStore>();

        foreach (var run in study.Runs)
        {
            var points = await fixture.Source.Get<IArtefactReader>().ReadMetricsAsync(run.Id, 0);
            var lines = archive.Text($"runs/{run.Id}/metrics.csv").TrimEnd().Split("\r\n");
            Assert.Equal(points.Select(point => point.Loss), lines.Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
            foreach (var suite in new[] { "recognition", "generation", "perplexity" })
            {
                using var stored = JsonDocument.Parse(await store.ReadAllTextAsync($"evaluations/{run.Id}-{suite}/result.json"));
                var items = archive.Text($"evaluations/{run.Id}-{suite}/items.jsonl").TrimEnd().Split('\n');
                Assert.Equal(stored.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()), items);
            }
        }

        Assert.Equal(await store.ReadAllTextAsync("studies/small/comparison.json"), archive.Text("comparison/comparison.json"));
        Assert.Equal(await store.ReadAllTextAsync("studies/small/audit.json"), archive.Text("audit/audit.json"));
        Assert.Equal(await store.ReadAllTextAsync("studies/small/report.html"), archive.Text("report.html"));
        var lineage = archive.Text("lineage.json");
        Assert.All(study.Runs, run => Assert.Contains(run.Id, lineage, StringComparison.Ordinal));
        var weights = await fixture.Source.Get<IArtefactReader>().ReadCheckpointsAsync(Run);
        Assert.Contains(weights[0].Hash, lineage, StringComparison.Ordinal);
        var listed = archive.Manifest["entries"]!.AsArray().Select(entry => (string)entry!["name"]!).Order(StringComparer.Ordinal);
        Assert.Equal(archive.Entries.Keys, listed);
    }

    [Fact]
    public async Task Import_InAnotherLab_HasTheSameStudyAndExportsTheSameBytes()
    {
        await using var other = await Lab.StartAsync();

        Assert.Equal("small", await other.ImportAsync(fixture.Archive));

        var (here, there) = (await fixture.Source.StudyAsync("small"), await other.StudyAsync("small"));
        Assert.Null(here.Origin);
        Assert.Equal("study.zip", there.Origin!.File);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(fixture.Archive)), there.Origin.Archive);
        Assert.Equal(JsonSerializer.Serialize(here), JsonSerializer.Serialize(there with { Origin = null }));
        Assert.Equal(fixture.Archive, await other.ExportAsync("small"));
        Assert.Equal([true], (await other.Get<IGrainFactory>().GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync()).Select(study => study.Imported));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ImportAndExport_AnyMetricsAndFailures_GiveEqualBytesAgain(int seed)
    {
        var archive = Archive.Open(fixture.Archive);
        archive.Rename("small", $"varied-{seed}");
        var random = new Random(seed);
        foreach (var name in archive.Entries.Keys.Where(name => name.EndsWith("/metrics.csv", StringComparison.Ordinal)).ToArray())
        {
            archive.Put(name, RandomMetrics(random));
        }

        foreach (var name in archive.Entries.Keys.Where(IsRun).ToArray())
        {
            archive.Change(name, "\"failures\": 0", $"\"failures\": {random.Next(1, 5)}");
            archive.Change(name, "\"starts\": 1", $"\"starts\": {random.Next(25, 50)}");
        }

        archive.List();
        await using var one = await Lab.StartAsync();
        await using var two = await Lab.StartAsync();
        await one.ImportAsync(archive.Close());
        var first = await one.ExportAsync($"varied-{seed}");
        await two.ImportAsync(first);

        Assert.Equal(first, await two.ExportAsync($"varied-{seed}"));
        var metrics = Archive.Open(first);
        Assert.All(
            metrics.Entries.Keys.Where(name => IsRun(name) || name.EndsWith("/metrics.csv", StringComparison.Ordinal)),
            name => Assert.Equal(archive.Text(name), metrics.Text(name)));
    }

    [Fact]
    public async Task Actions_OnAnImportedStudy_AreRefusedInOneSentence()
    {
        await using var other = await Lab.StartAsync();
        await other.ImportAsync(fixture.Archive);
        var before = await other.InventoryAsync();
        var grains = other.Get<IGrainFactory>();

        var faults = new[]
        {
            await Assert.ThrowsAsync<LabException>(() => grains.GetGrain<IStudyGrain>("small").RetryAsync()),
            await Assert.ThrowsAsync<LabException>(() => grains.GetGrain<IStudyGrain>("small").ContinueAsync(12)),
            await Assert.ThrowsAsync<LabException>(() => grains.GetGrain<ITrainingRunGrain>(Run).ContinueAsync(12)),
        };

        Assert.All(faults, fault => Assert.Contains("was imported from another lab", fault.Message, StringComparison.Ordinal));
        Assert.Equal(before, await other.InventoryAsync());
        Assert.Equal(fixture.Archive, await other.ExportAsync("small"));
    }

    [Fact]
    public async Task Export_StudyThatIsNotThere_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<LabException>(() => fixture.Other.ExportAsync("nobody"));

        Assert.Equal("There is no study 'nobody'.", fault.Message);
    }

    private static bool IsRun(string name) => name.EndsWith("/run.json", StringComparison.Ordinal);

    /// <summary>Attempts that overlap, gaps, and cells that are not numbers.</summary>
    private static string RandomMetrics(Random random)
    {
        var text = new StringBuilder("step,loss,cross-entropy,unlikelihood,learning-rate,gradient-norm,loss-bearing-share,tokens-per-second,attempt\r\n");
        long from = 1;
        for (var attempt = 1; attempt <= random.Next(1, 4); attempt++)
        {
            var to = from + random.Next(1, 40);
            for (var step = from; step <= to; step++)
            {
                var cells = Enumerable.Range(0, 7).Select(_ => random.Next(8) == 0 ? "" : (random.NextDouble() * Math.Pow(10, random.Next(-9, 9))).ToString("R", CultureInfo.InvariantCulture));
                text.Append(CultureInfo.InvariantCulture, $"{step},{string.Join(',', cells)},{attempt}\r\n");
            }

            from = Math.Max(1, to - random.Next(0, 10));
        }

        return text.ToString();
    }
}
