using SlungOrleans.Contracts;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Tests;

public sealed class MetricSegmentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slungorleans-").FullName;
    private readonly LocalBlobStore _store;

    public MetricSegmentsTests() => _store = new LocalBlobStore(_folder);

    [Fact]
    public async Task Read_RewoundAttempt_SupersedesTheStepsItMadeAgain()
    {
        Write(epoch: 1, 1, 10);
        Write(epoch: 1, 11, 25);
        Write(epoch: 2, 21, 30);

        var points = await MetricSegments.ReadAsync(_store, "run", 0, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), points.Select(point => point.Step));
        Assert.Equal(Enumerable.Range(1, 30).Select(step => step <= 20 ? 1L : 2L), points.Select(point => point.Epoch));
    }

    /// <summary>Attempts 1 to 4 trained steps 1-25, 21-30, 11-15 (its checkpoint of step 20 was damaged) and 16-40.</summary>
    [Fact]
    public async Task ReadAll_RewoundAttempts_KeepsWhatIsSupersededVisible()
    {
        Write(epoch: 1, 1, 10);
        Write(epoch: 1, 11, 25);
        Write(epoch: 2, 21, 30);
        Write(epoch: 3, 11, 15);
        Write(epoch: 4, 16, 40);

        var segments = await MetricSegments.ReadAllAsync(_store, "run", CancellationToken.None);

        Assert.Equal<(long, long, long, long?)>(
            [(1, 1, 25, 11), (2, 21, 30, 21), (3, 11, 15, null), (4, 16, 40, null)],
            segments.Select(segment => (segment.Epoch, segment.From, segment.To, segment.SupersededFrom)));
        var effective = segments.SelectMany(segment => segment.Points.Where(point => !segment.IsSuperseded(point))).ToList();
        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), effective.Select(point => point.Step).Order());
        Assert.Equal(await MetricSegments.ReadAsync(_store, "run", 0, CancellationToken.None), effective.OrderBy(point => point.Step));
        Assert.Equal((25L, 15L, 0L), (MetricSegments.LastStepOf(_store, "run", 1), MetricSegments.LastStepOf(_store, "run", 3), MetricSegments.LastStepOf(_store, "run", 9)));
    }

    [Fact]
    public async Task Read_AfterAStep_ReturnsOnlyLaterOnes()
    {
        Write(epoch: 1, 1, 10);
        Write(epoch: 1, 11, 20);

        Assert.Equal([14L, 15, 16, 17, 18, 19, 20], (await MetricSegments.ReadAsync(_store, "run", 13, CancellationToken.None)).Select(point => point.Step));
        Assert.Empty(await MetricSegments.ReadAsync(_store, "run", 20, CancellationToken.None));
    }

    [Fact]
    public async Task Read_ValuesThatAreNotNumbers_SurviveTheStore()
    {
        Write(epoch: 1, 1, 1);

        var point = Assert.Single(await MetricSegments.ReadAsync(_store, "run", 0, CancellationToken.None));

        Assert.True(double.IsNaN(point.Unlikelihood));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(long epoch, int first, int last)
    {
        var writer = new MetricWriter(_store, "run", epoch);
        for (var step = first; step <= last; step++)
        {
            writer.Add(new MetricPoint(step, 1.0 / step, 1.0 / step, double.NaN, 0.001, 1, 1, 1000, epoch));
        }

        writer.Flush();
    }
}
