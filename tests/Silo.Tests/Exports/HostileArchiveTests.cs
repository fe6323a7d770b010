using System.Text;
using System.Text.Json.Nodes;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Exports;

namespace SlungOrleans.Silo.Tests.Exports;

/// <summary>Archives that are damaged or made to do harm: one sentence each, and nothing is left of them.</summary>
[Collection(ExportFixture.Name)]
public sealed class HostileArchiveTests(ExportFixture fixture)
{
    private const string Metrics = "runs/small-masked-a300-s1/metrics.csv";
    private const string RunEntry = "runs/small-masked-a300-s1/run.json";

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("/etc/evil.txt")]
    [InlineData("runs/../../evil.txt")]
    [InlineData("..\\evil.txt")]
    [InlineData("C:evil.txt")]
    [InlineData("runs//evil.txt")]
    [InlineData(".hidden")]
    [InlineData("folder/")]
    public async Task Import_NameOutsideTheArchive_IsRefused(string name) =>
        await RefusedAsync(Whole().Close((name, Encoding.UTF8.GetBytes("evil"))), $"an entry '{name}'");

    [Fact]
    public async Task Import_EntryTwice_IsRefused() => await RefusedAsync(Whole().Close((Metrics, [1])), $"two entries '{Metrics}'");

    [Fact]
    public async Task Import_EntryThatIsNotListed_IsRefused() => await RefusedAsync(Whole().Close(("more.txt", [1])), "'more.txt'");

    [Fact]
    public async Task Import_EntryMissing_IsRefused()
    {
        var archive = Whole();
        archive.Entries.Remove(Metrics);
        await RefusedAsync(archive.Close(), Metrics);
    }

    [Fact]
    public async Task Import_EntryAltered_IsRefused()
    {
        var archive = Whole();
        archive.Entries[Metrics][^4] ^= 1;
        await RefusedAsync(archive.Close(), $"'{Metrics}' was altered: its SHA-256 is");
    }

    [Fact]
    public async Task Import_RunRemovedAndListedAnew_IsRefused()
    {
        var archive = Whole();
        archive.Entries.Remove(RunEntry);
        await RefusedAsync(Listed(archive), "8 runs; the specification's arms, amounts and seeds come to 9");
    }

    [Theory]
    [InlineData("formatVersion", 2, "format version 2; this lab reads version 1")]
    [InlineData("formatVersion", 0, "format version 0")]
    [InlineData("kind", "photo-album", "not that of a study")]
    [InlineData("study", "another", "is of study 'small'; 'another' is expected")]
    public async Task Import_OtherManifest_IsRefused(string field, object value, string expected)
    {
        var archive = Whole();
        archive.Manifest[field] = value is int number ? JsonValue.Create(number) : JsonValue.Create((string)value);
        await RefusedAsync(archive.Close(), expected);
    }

    [Fact]
    public async Task Import_NoManifest_IsRefused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("picture.txt");
        }

        await RefusedAsync(bytes.ToArray(), "has no manifest.json");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-40)]
    public async Task Import_TornArchive_IsRefused(int length) =>
        await RefusedAsync(fixture.Archive[..(length >= 0 ? length : fixture.Archive.Length + length)], "not a zip archive, or it is torn");

    [Theory]
    [InlineData(Metrics)]
    [InlineData(RunEntry)]
    [InlineData("report.html")]
    public async Task Import_BitsFlipped_IsRefused(string entry)
    {
        // The first place of the name is the entry's own header; its content follows.
        var bytes = fixture.Archive.ToArray();
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(entry)) + entry.Length + 60] ^= 0x55;
        await RefusedAsync(bytes, "");
    }

    /// <summary>Every byte is read once for the archive's hash; of the entry, no more than may be of it.</summary>
    [Fact]
    public async Task Open_EntryThatIsTooLarge_IsNotReadToItsEnd()
    {
        const int Length = 8 << 20;
        var archive = Whole();
        archive.Entries["README.txt"] = new byte[Length];
        new Random(1).NextBytes(archive.Entries["README.txt"]);
        using var stream = new CountingStream(Listed(archive));

        var fault = await Assert.ThrowsAsync<LabException>(() => StudyArchive.OpenAsync(stream, new ArchiveLimits { EntryBytes = Length / 8 }, CancellationToken.None));

        Assert.StartsWith("The archive's entry 'README.txt' expands to more than 1048576 bytes", fault.Message, StringComparison.Ordinal);
        Assert.InRange(stream.BytesRead, stream.Length, stream.Length + (Length / 2));
    }

    [Fact]
    public async Task Import_Bomb_IsRefused()
    {
        var archive = Whole();
        archive.Entries["README.txt"] = new byte[(int)new ArchiveLimits().EntryBytes + 1];
        await RefusedAsync(Listed(archive), "'README.txt' expands to more than");
    }

    [Fact]
    public async Task Import_ExpandingMoreThanItsLengthAllows_IsRefused()
    {
        using var stream = new MemoryStream(fixture.Archive);
        var fault = await Assert.ThrowsAsync<LabException>(
            () => StudyArchive.OpenAsync(stream, new ArchiveLimits { Expansion = 1, SmallBytes = 1 }, CancellationToken.None));

        Assert.Contains("; an archive of this length may not", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_BombThatSaysItIsSmall_IsRefused()
    {
        var archive = Whole();
        archive.Entries["README.txt"] = new byte[80 << 20];
        archive.List();
        archive.Manifest["entries"]!.AsArray().Single(entry => (string)entry!["name"]! == "README.txt")!["bytes"] = 10;
        await RefusedAsync(archive.Close(), "'README.txt'");
    }

    [Fact]
    public async Task Import_TooManyEntries_IsRefused()
    {
        using var stream = new MemoryStream(fixture.Archive);
        var fault = await Assert.ThrowsAsync<LabException>(() => StudyArchive.OpenAsync(stream, new ArchiveLimits { Entries = 10 }, CancellationToken.None));

        Assert.Contains("entries; at most 10 are expected", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Metrics, "step,loss", "step,less", "line 1")]
    [InlineData(Metrics, "\r\n2,", "\r\n2x,", "line 3: 9 numbers are expected")]
    [InlineData(Metrics, "\r\n2,", "\r\n1,", "line 3: step 1 of attempt 1 cannot follow")]
    [InlineData(RunEntry, "small-masked-a300-s1", "../../evil", RunEntry)]
    [InlineData(RunEntry, "\"state\": \"completed\"", "\"state\": \"running\"", "small-masked-a300-s1")]
    [InlineData(RunEntry, "\"id\"", "\"unheard-of\"", RunEntry)]
    [InlineData("study.json", "\"stage\": \"completed\"", "\"stage\": \"running\"", "The study is running; only a completed study can be imported")]
    [InlineData("specification.json", "\"amounts\": [", "\"amounts\": [7,", "specification.json")]
    [InlineData("specification.json", "\"name\": \"small\"", "\"name\": \"../small\"", "specification.json")]
    [InlineData("comparison/comparison.json", "\"study\": \"small\"", "\"study\": \"other\"", "is not of study 'small'")]
    [InlineData("comparison/comparison.json", "\"masked\"", "\"someone\"", "is not of study 'small'")]
    [InlineData("evaluations/small-masked-a300-s1-generation/items.jsonl", "\"suite\":\"generation\"", "\"suite\":\"virus\"", "items.jsonl")]
    [InlineData("evaluations/small-masked-a300-s1-generation/result.json", "\"formatVersion\":1", "\"formatVersion\":9", "result.json")]
    [InlineData("audit/audit.json", "\"orderHash\"", "\"otherHash\"", "audit/audit.json")]
    [InlineData("lineage.json", "\"study\"", "\"someone\"", "lineage.json")]
    public async Task Import_EntryThatDoesNotFit_IsRefused(string entry, string from, string to, string expected)
    {
        var archive = Whole();
        archive.Change(entry, from, to);
        await RefusedAsync(Listed(archive), expected);
    }

    [Fact]
    public async Task Import_NameTaken_IsRefusedAndTheStudyStaysAsItIs()
    {
        await using var lab = await Lab.StartAsync();
        await lab.ImportAsync(fixture.Archive);
        var before = await lab.InventoryAsync();

        var fault = await Assert.ThrowsAsync<LabException>(() => lab.ImportAsync(fixture.Archive));

        Assert.StartsWith("There is a study 'small' already (completed)", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.InventoryAsync());
        Assert.Equal(fixture.Archive, await lab.ExportAsync("small"));
    }

    [Fact]
    public async Task Import_MarkupInGenerations_IsTextInTheReport()
    {
        var archive = Whole();
        archive.Change("evaluations/small-masked-a300-s0-generation/items.jsonl", "\"continuation\":\"", "\"continuation\":\"<script>alert(1)</script>");
        await using var lab = await Lab.StartAsync();
        await lab.ImportAsync(Listed(archive));

        var report = await lab.Archives.ReportAsync("small");

        Assert.DoesNotContain("<script>alert", report, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", report, StringComparison.Ordinal);
    }

    private Archive Whole() => Archive.Open(fixture.Archive);

    private static byte[] Listed(Archive archive)
    {
        archive.List();
        return archive.Close();
    }

    private async Task RefusedAsync(byte[] bytes, string expected)
    {
        var fault = await Assert.ThrowsAsync<LabException>(() => fixture.Other.ImportAsync(bytes));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Empty(await fixture.Other.InventoryAsync());
        Assert.Null((await fixture.Other.StudyAsync("small")).Specification);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public long BytesRead { get; private set; }

        // What every other way of reading comes to.
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }
}
