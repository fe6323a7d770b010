using Bunit;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class ClusterAndCorporaPageTests : PageTest
{
    [Fact]
    public void Render_EmptyPool_SaysThatNoWorkerIsAlive()
    {
        var page = Render<ClusterPage>();

        Assert.Contains("No worker is alive", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Nothing waits", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BusyPool_ShowsLeasesQueueAndStrays()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        Lab.Pool = Lab.Pool with { Leases = Lab.Pool.Leases.Add(new DeviceLease(new WorkTicket(WorkKind.Import, "lost-corpus"), "gone", "cpu:0")) };

        var page = Render<ClusterPage>();

        var devices = page.FindAll("section[aria-labelledby=workers-title] tbody tr");
        Assert.Equal(4, devices.Count);
        Assert.Equal("runs/invented-slurs-sweep-low-risk-a50-s2", devices[0].QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("free", devices[3].TextContent, StringComparison.Ordinal);
        Assert.Equal(6, page.FindAll(".queue li").Count);
        Assert.Contains("lost-corpus", page.Find("section[aria-labelledby=strays-title]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_DevicesOfAGpuSilo_ShowsWhatTheyAreAndWhoWaitsInVain()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        Lab.Pool = new DevicePoolView
        {
            Workers =
            [
                new WorkerOffer
                {
                    Worker = "w", Silo = "server", Devices = ["cpu:0", "cuda:0"],
                    Offered = [new OfferedDevice("cpu:0", "managed", null, 64_000_000_000), new OfferedDevice("cuda:0", "torchsharp", "Some GPU", 139_000_000_000)],
                },
                new WorkerOffer { Worker = "of-yesterday", Silo = "old", Devices = ["cpu:0"] },
            ],
            Queue = [new WorkTicket(WorkKind.Train, "a") { Device = "cuda" }, new WorkTicket(WorkKind.Train, "b") { Device = "cuda:7" }, new WorkTicket(WorkKind.Train, "c")],
        };

        var page = Render<ClusterPage>();

        var devices = page.FindAll("section[aria-labelledby=workers-title] tbody tr").Select(row => string.Join('|', row.Children.Skip(2).Select(cell => cell.TextContent.Trim())));
        Assert.Equal(
            [$"managed|cpu:0|{Format.Bytes(64_000_000_000)}, the machine's|free", $"torchsharp|cuda:0 Some GPU|{Format.Bytes(139_000_000_000)}|free", "managed|cpu:0|not known|free"],
            devices);
        var waiting = page.FindAll(".queue .entry").Select(entry => entry.QuerySelector(".muted")?.TextContent ?? "");
        Assert.Equal(["for cuda", "for cuda:7, which no silo offers", ""], waiting);
    }

    [Fact]
    public void Render_Corpora_ShowsSourceAndCounts()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var rows = Render<CorporaPage>().FindAll("tbody tr");

        Assert.Equal(2, rows.Count);
        Assert.Equal("corpora/invented-forum", rows[1].QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(["synthetic, high-risk", "1,200", "3,117"], new[] { 1, 3, 5 }.Select(cell => rows[1].Children[cell].TextContent.Trim()));
    }

    [Fact]
    public void Render_NoCorpora_SaysHowTheyCome() =>
        Assert.Contains("A study imports the corpora that it names", Render<CorporaPage>().Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_Corpus_ShowsAPageOfDocuments()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Render<CorpusPage>(corpus => corpus.Add(it => it.Name, "invented-forum"));

        Assert.Equal(20, page.FindAll("article").Count);
        Assert.Contains("1–20", page.Find(".pager").TextContent, StringComparison.Ordinal);
        var pager = page.FindAll(".pager button");
        Assert.True(pager[0].HasAttribute("disabled"));
        Assert.False(pager[1].HasAttribute("disabled"));
    }

    [Fact]
    public void ShowHighRisk_Checked_UnblursTheWholePage()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var page = Render<CorpusPage>(corpus => corpus.Add(it => it.Name, "invented-forum"));
        Assert.NotEmpty(page.FindAll(".told.blurred"));

        page.FindAll("input[type=checkbox]")[1].Change(true);

        Assert.Empty(page.FindAll(".told.blurred"));
    }
}
