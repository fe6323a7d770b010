using System.IO.Pipes;
using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Commands;

namespace SlungOrleans.Silo.Tests.Commands;

/// <summary>What <c>run metrics --csv</c> writes.</summary>
public sealed class MetricsFileTests : IDisposable
{
    private const string Header = "step,loss,cross-entropy,unlikelihood,learning-rate,gradient-norm,loss-bearing-share,tokens-per-second,attempt";

    private static readonly MetricSegment[] Segments =
    [
        new(1, [PointOf(1, 4.5, 1), PointOf(2, 4.25, 1)], SupersededFrom: 2),
        new(2, [PointOf(2, 4.125, 2)], SupersededFrom: null),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-file-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ToCsv_StepsMadeAgain_HasEachStepOnceInTheArchivesForm() => Assert.Equal(
        $"{Header}\r\n1,4.5,4.5,,0.001,1,1,100,1\r\n2,4.125,4.125,,0.001,1,1,100,2\r\n",
        Encoding.ASCII.GetString(RunMetricsCommand.ToCsv(Segments, withSuperseded: false)));

    [Fact]
    public void ToCsv_WithSuperseded_MarksThemInALastColumn() => Assert.Equal(
        $"{Header},superseded\r\n1,4.5,4.5,,0.001,1,1,100,1,0\r\n2,4.25,4.25,,0.001,1,1,100,1,1\r\n2,4.125,4.125,,0.001,1,1,100,2,0\r\n",
        Encoding.ASCII.GetString(RunMetricsCommand.ToCsv(Segments, withSuperseded: true)));

    [Fact]
    public async Task Write_Cancelled_LeavesTheFileAsItWas()
    {
        var path = Path.Combine(_folder.FullName, "metrics.csv");
        await File.WriteAllTextAsync(path, "before");
        using var content = new MemoryStream(new byte[1 << 20]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OutputFile.WriteAsync(path, content, new CancellationToken(canceled: true)));

        Assert.Equal("before", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Write_FileThatIsNotThere_IsMade()
    {
        var path = Path.Combine(_folder.FullName, "new.csv");
        using var content = new MemoryStream("step"u8.ToArray());

        await OutputFile.WriteAsync(path, content, default);

        Assert.Equal("step", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Write_ToAPipe_GoesThroughIt()
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var content = new MemoryStream("step,loss\n"u8.ToArray());

        await OutputFile.WriteAsync($"/dev/fd/{pipe.GetClientHandleAsString()}", content, default);

        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        Assert.Equal("step,loss\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Write_ToALink_ReplacesTheFileBehindIt()
    {
        var (path, link) = (Path.Combine(_folder.FullName, "first.csv"), Path.Combine(_folder.FullName, "newest.csv"));
        await File.WriteAllTextAsync(path, "before");
        File.CreateSymbolicLink(link, path);
        using var content = new MemoryStream("after"u8.ToArray());

        await OutputFile.WriteAsync(link, content, default);

        Assert.Equal((path, "after"), (new FileInfo(link).LinkTarget, await File.ReadAllTextAsync(path)));
        Assert.Equal([path, link], Directory.GetFiles(_folder.FullName).Order(StringComparer.Ordinal));
    }

    private static MetricPoint PointOf(long step, double loss, long epoch) => new(step, loss, loss, double.NaN, 0.001, 1, 1, 100, epoch);
}
