using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>The head record and the manifests in a folder of checkpoints: how they are read, and how the head is changed.</summary>
internal sealed class CheckpointFolder(IBlobStore store, string folder, TimeProvider clock)
{
    private const string HeadName = "head.json";

    /// <summary>The folder's name, with '/' at its end.</summary>
    internal string Name { get; } = folder.TrimEnd('/') + "/";

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <exception cref="EpochSupersededException">A newer attempt has begun.</exception>
    internal static void EnsureNotSuperseded(CheckpointHead head, long epoch)
    {
        if (head.Epoch > epoch)
        {
            throw new EpochSupersededException(epoch, head.Epoch);
        }
    }

    /// <summary>
    /// Changes the head by conditional writes until one holds, or until the change gives back what it was given. Returns the head that is
    /// there then. Uses that have timed out are forgotten.
    /// </summary>
    /// <param name="epoch">The attempt's epoch; null for a reader, which is never superseded.</param>
    /// <param name="change">Gives the new head; may be asked again.</param>
    /// <param name="notify">Told what was found to be wrong.</param>
    /// <param name="cancellation">Cancels the call.</param>
    internal async Task<CheckpointHead> SwapAsync(
        long? epoch, Func<CheckpointHead, CheckpointHead> change, Action<string>? notify, CancellationToken cancellation)
    {
        CheckpointHead? lost = null;
        while (true)
        {
            HeadReading reading = await ReadHeadAsync(notify, cancellation).ConfigureAwait(false);
            if (epoch is { } own)
            {
                EnsureNotSuperseded(reading.Head, own);
            }

            if (lost is not null && lost.ToBytes().AsSpan().SequenceEqual(reading.Head.ToBytes()))
            {
                // The write did hold: its answer was lost, and the store's second try found the first one's work.
                return reading.Head;
            }

            CheckpointHead described = await DescribeAsync(reading.Head, cancellation).ConfigureAwait(false);
            CheckpointHead changed = change(described);
            if (ReferenceEquals(changed, described))
            {
                return described;
            }

            changed = (changed with { Format = CheckpointHead.CurrentFormat }).With(changed.UsesAt(Now));
            try
            {
                WriteCondition condition = reading.Tag is null ? WriteCondition.Absent : WriteCondition.Matches(reading.Tag);
                FaultPoints.Reach("head/before-swap");
                await store.WriteBytesAsync(Name + HeadName, changed.ToBytes(), condition, cancellation).ConfigureAwait(false);
                FaultPoints.Reach("head/after-swap");
                return changed;
            }
            catch (BlobConditionException)
            {
                lost = changed;
            }
        }
    }

    /// <summary>
    /// The head as it is. A head that is damaged is made again of the manifests that are there, all pinned: which of them were is not known,
    /// and what a person keeps must not be deleted.
    /// </summary>
    internal async Task<HeadReading> ReadHeadAsync(Action<string>? notify, CancellationToken cancellation)
    {
        string name = Name + HeadName;
        BlobInfo? info = await store.GetInfoAsync(name, cancellation).ConfigureAwait(false);
        if (info is null)
        {
            return new HeadReading(new CheckpointHead(CheckpointHead.CurrentFormat, 0, []), null, false);
        }

        // Content newer than the tag only makes a conditional write fail, and the head be read again.
        byte[] content = await store.ReadAllBytesAsync(name, cancellation).ConfigureAwait(false);
        if (CheckpointHead.Parse(content, name) is { } head)
        {
            return new HeadReading(head, info.Tag, false);
        }

        notify?.Invoke(
            $"The checkpoint record '{name}' is damaged; it was made again from the manifests that are there. All of them are pinned, for which ones were is not known.");
        List<string> names = await ListNamesAsync("", cancellation).ConfigureAwait(false);
        List<CheckpointEntry> entries =
        [
            .. names.Select(CheckpointEntry.Parse).OfType<CheckpointEntry>().Select(entry => entry with { Pinned = true })
                .OrderByDescending(entry => entry.Step).ThenByDescending(entry => entry.Epoch),
        ];
        return new HeadReading(
            new CheckpointHead(CheckpointHead.CurrentFormat, entries.Select(entry => entry.Epoch).DefaultIfEmpty().Max(), entries), info.Tag, true);
    }

    /// <summary>Fills in sizes and scores that a head of format 1, or one that was made again, lacks.</summary>
    internal async Task<CheckpointHead> DescribeAsync(CheckpointHead head, CancellationToken cancellation)
    {
        if (head.Checkpoints.All(entry => entry.Bytes > 0))
        {
            return head;
        }

        var entries = new List<CheckpointEntry>();
        foreach (CheckpointEntry entry in head.Checkpoints)
        {
            try
            {
                entries.Add(entry.Bytes > 0 ? entry : entry.Describe(await ReadManifestAsync(entry, cancellation).ConfigureAwait(false)));
            }
            catch (DamagedCheckpointException)
            {
                // Nothing is known of it; loading says why.
                entries.Add(entry);
            }
        }

        return head with { Checkpoints = entries };
    }

    /// <exception cref="DamagedCheckpointException">It is not there, or altered.</exception>
    internal async Task<CheckpointManifest> ReadManifestAsync(CheckpointEntry entry, CancellationToken cancellation)
    {
        byte[] content;
        try
        {
            content = await store.ReadAllBytesAsync(Name + entry.Manifest, cancellation).ConfigureAwait(false);
        }
        catch (BlobNotFoundException failure)
        {
            throw new DamagedCheckpointException($"its manifest '{Name}{entry.Manifest}' is not there", failure);
        }

        return Convert.ToHexStringLower(SHA256.HashData(content)) == entry.ManifestHash
            ? CheckpointManifest.Parse(content, Name + entry.Manifest)
            : throw new DamagedCheckpointException($"its manifest '{Name}{entry.Manifest}' is altered");
    }

    /// <summary>Names, in this folder, of the blobs that start so.</summary>
    internal async Task<List<string>> ListNamesAsync(string prefix, CancellationToken cancellation)
    {
        var names = new List<string>();
        await foreach (BlobInfo blob in store.ListAsync(Name + prefix, cancellation).ConfigureAwait(false))
        {
            names.Add(blob.Name[Name.Length..]);
        }

        return names;
    }

    internal async Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        foreach (string name in names)
        {
            FaultPoints.Reach("retention/before-delete");
            await store.DeleteAsync(Name + name, cancellation).ConfigureAwait(false);
            FaultPoints.Reach("retention/after-delete");
        }
    }
}

/// <summary>A head as it was read.</summary>
/// <param name="Head">The head; empty if there is none.</param>
/// <param name="Tag">Its blob's tag; null if there is none.</param>
/// <param name="IsDamaged">Whether it was made again.</param>
internal sealed record HeadReading(CheckpointHead Head, string? Tag, bool IsDamaged);
