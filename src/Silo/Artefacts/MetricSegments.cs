using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SlungOrleans.Contracts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>
/// A run's metrics as immutable segments of JSON lines, one blob each, named by attempt and first step. Where attempts overlap (an attempt begins
/// at the checkpoint before the end of the one before it), the newest attempt's steps count.
/// </summary>
internal static class MetricSegments
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task<ImmutableArray<MetricPoint>> ReadAsync(IBlobStore store, string run, long afterStep, CancellationToken cancellation)
    {
        var segments = new List<(string Name, long Epoch, long First)>();
        await foreach (var blob in store.ListAsync($"{ArtefactNames.Metrics(run)}/", cancellation))
        {
            segments.Add((blob.Name, EpochOf(blob.Name), FirstOf(blob.Name)));
        }

        // Newest attempt first; each older one counts only below the first step of the newer.
        segments.Sort((left, right) => (right.Epoch, right.First).CompareTo((left.Epoch, left.First)));
        var points = new List<MetricPoint>();
        var below = long.MaxValue;
        for (var i = 0; i < segments.Count && below > afterStep + 1; i++)
        {
            var lowest = below;
            foreach (var point in await ReadSegmentAsync(store, segments[i].Name, cancellation))
            {
                if (point.Step < below && point.Step > afterStep)
                {
                    points.Add(point);
                }

                lowest = Math.Min(lowest, point.Step);
            }

            below = lowest;
        }

        return [.. points.OrderBy(point => point.Step)];
    }

    /// <summary>What each attempt recorded, oldest first, superseded steps included.</summary>
    public static async Task<ImmutableArray<MetricSegment>> ReadAllAsync(IBlobStore store, string run, CancellationToken cancellation)
    {
        var attempts = new SortedDictionary<long, List<MetricPoint>>();
        await foreach (var blob in store.ListAsync($"{ArtefactNames.Metrics(run)}/", cancellation))
        {
            var epoch = EpochOf(blob.Name);
            attempts.TryAdd(epoch, []);
            attempts[epoch].AddRange(await ReadSegmentAsync(store, blob.Name, cancellation));
        }

        var segments = new List<MetricSegment>();
        var below = long.MaxValue;
        foreach (var (epoch, points) in attempts.Where(attempt => attempt.Value.Count > 0).Reverse())
        {
            segments.Add(new MetricSegment(epoch, [.. points.OrderBy(point => point.Step)], points.Max(point => point.Step) >= below ? Math.Max(below, points.Min(point => point.Step)) : null));
            below = Math.Min(below, points.Min(point => point.Step));
        }

        segments.Reverse();
        return [.. segments];
    }

    /// <summary>The last step that an attempt has recorded; 0 if it recorded none.</summary>
    public static long LastStepOf(IBlobStore store, string run, long epoch) => LastStepOfAsync(store, run, epoch).GetAwaiter().GetResult();

    private static async Task<long> LastStepOfAsync(IBlobStore store, string run, long epoch)
    {
        string? last = null;
        await foreach (var blob in store.ListAsync(PrefixOf(run, epoch)))
        {
            last = blob.Name;
        }

        return last is null ? 0 : (await ReadSegmentAsync(store, last, CancellationToken.None)).Select(point => point.Step).LastOrDefault();
    }

    private static string PrefixOf(string run, long epoch) => string.Create(CultureInfo.InvariantCulture, $"{ArtefactNames.Metrics(run)}/{epoch:D6}-");

    internal static string NameOf(string run, long epoch, long firstStep) =>
        string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(run, epoch)}{firstStep:D9}.jsonl");

    internal static byte[] Serialise(IEnumerable<MetricPoint> points)
    {
        using var stream = new MemoryStream();
        foreach (var point in points)
        {
            JsonSerializer.Serialize(stream, point, Json);
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    private static async Task<List<MetricPoint>> ReadSegmentAsync(IBlobStore store, string name, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(name, cancellation);
        using var reader = new StreamReader(stream);
        var points = new List<MetricPoint>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            points.Add(JsonSerializer.Deserialize<MetricPoint>(line, Json) ?? throw new InvalidDataException($"{name}: an empty line where metrics are expected."));
        }

        return points;
    }

    private static long EpochOf(string name) => long.Parse(FileOf(name).AsSpan(0, 6), CultureInfo.InvariantCulture);

    private static long FirstOf(string name) => long.Parse(FileOf(name).AsSpan(7, 9), CultureInfo.InvariantCulture);

    private static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];
}

/// <summary>Gathers an attempt's metrics and writes a segment every two seconds, and before every checkpoint, so that no committed step lacks its metrics.</summary>
internal sealed class MetricWriter(IBlobStore store, string run, long epoch)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private readonly List<MetricPoint> _pending = [];
    private long _lastFlush = Environment.TickCount64;

    public void Add(MetricPoint point)
    {
        _pending.Add(point);
        if (Environment.TickCount64 - _lastFlush > Period.TotalMilliseconds)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (_pending.Count > 0)
        {
            var content = new MemoryStream(MetricSegments.Serialise(_pending));
            FaultPoints.Reach("metrics/before-append");
            store.WriteAsync(MetricSegments.NameOf(run, epoch, _pending[0].Step), content, WriteCondition.None).GetAwaiter().GetResult();
            FaultPoints.Reach("metrics/after-append");
            _pending.Clear();
        }

        _lastFlush = Environment.TickCount64;
    }
}
