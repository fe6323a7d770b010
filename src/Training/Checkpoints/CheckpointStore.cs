using System.Globalization;
using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>
/// A run's checkpoints in a folder of a blob store. A checkpoint's files are written first, each under its content's hash and in a folder of
/// its step and epoch that no other attempt writes to; then its manifest; then one conditional write of <c>head.json</c> commits it: what
/// the head does not name does not count. Whoever has begun a newer epoch has fenced all older ones out. The two latest checkpoints are
/// kept. Not safe for concurrent calls; several processes may each have one on the same folder.
/// </summary>
public sealed class CheckpointStore
{
    private const int Kept = 2;
    private const string HeadName = "head.json";
    private const string DataType = "F32";

    private readonly IBlobStore _store;
    private readonly string _folder;
    private readonly HashSet<CheckpointEntry> _damaged = [];

    /// <summary>Names the folder; nothing is read yet.</summary>
    /// <param name="store">The blob store.</param>
    /// <param name="folder">The folder, for example <c>runs/a-1/checkpoints</c>; nothing else may lie in it.</param>
    public CheckpointStore(IBlobStore store, string folder)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _store = store;
        _folder = folder.TrimEnd('/') + "/";
    }

    /// <summary>
    /// Begins an attempt: from here on no attempt of an older epoch can commit. Then deletes what earlier attempts wrote and did not commit.
    /// </summary>
    /// <param name="epoch">The attempt's epoch, at least 0; may be begun again by the same attempt.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>One sentence for people about everything that was found to be wrong; seldom any.</returns>
    /// <exception cref="EpochSupersededException">An attempt of a higher epoch has begun.</exception>
    /// <exception cref="BlobStoreException">The store failed; the attempt may be begun again.</exception>
    public async Task<IReadOnlyList<string>> BeginAsync(long epoch, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var notices = new List<string>();

        // Listed before the fence: a newer attempt's blobs cannot be in it, so a delay from here on deletes none of them.
        List<string> present = await ListNamesAsync("", cancellation).ConfigureAwait(false);
        CheckpointHead head = await SwapAsync(
            epoch, head => head with { Epoch = epoch }, notices.Add, cancellation).ConfigureAwait(false);
        HashSet<string> committed = [.. head.Checkpoints.Select(entry => entry.Folder)];
        foreach (string name in present.Where(name => CheckpointEntry.FolderOfBlob(name) is { } folder && !committed.Contains(folder)))
        {
            await _store.DeleteAsync(_folder + name, cancellation).ConfigureAwait(false);
        }

        return notices;
    }

    /// <summary>Writes a checkpoint and commits it; then deletes those that are not kept.</summary>
    /// <param name="model">The model: its weights and moments are written.</param>
    /// <param name="info">What the trainer knows of it.</param>
    /// <param name="epoch">The attempt's epoch.</param>
    /// <param name="cancellation">Cancels the call; the checkpoint may then be committed or not.</param>
    /// <exception cref="EpochSupersededException">An attempt of a higher epoch has begun; nothing was committed.</exception>
    /// <exception cref="BlobStoreException">The store failed; the checkpoint may be committed or not, those before it still are.</exception>
    public async Task<CheckpointManifest> CommitAsync(
        ITrainableModel model, CheckpointInfo info, long epoch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(info);
        (CheckpointHead before, _) = await ReadHeadAsync(null, cancellation).ConfigureAwait(false);
        EnsureNotSuperseded(before, epoch);

        string folder = CheckpointEntry.FolderOf(info.Step, epoch);
        var tensors = new List<CheckpointTensor>();
        var manifest = new CheckpointManifest
        {
            CreatedBy = info.CreatedBy,
            Step = info.Step,
            Epoch = epoch,
            Seed = info.Seed,
            SequencesConsumed = info.SequencesConsumed,
            Loss = info.Loss,
            LossHistoryHash = info.LossHistoryHash,
            Settings = info.Settings,
            SettingsHash = CheckpointManifest.HashOf(info.Settings),
            Weights = await WriteAsync(CheckpointFile.OfWeights(model), $"{folder}weights", tensors, cancellation).ConfigureAwait(false),
            Moments = await WriteAsync(CheckpointFile.OfMoments(model), $"{folder}moments", tensors, cancellation).ConfigureAwait(false),
            Tensors = tensors,
        };
        byte[] content = manifest.ToBytes();
        CheckpointEntry entry = CheckpointEntry.Of(info.Step, epoch, Convert.ToHexStringLower(SHA256.HashData(content)));
        await _store.WriteBytesAsync(_folder + entry.Manifest, content, cancellation: cancellation).ConfigureAwait(false);

        IReadOnlyList<CheckpointEntry> replaced = [];
        CheckpointHead after = await SwapAsync(epoch, Commit, null, cancellation).ConfigureAwait(false);
        IEnumerable<string> dropped = replaced.Select(old => old.Folder).Except(after.Checkpoints.Select(kept => kept.Folder));
        foreach (string old in dropped)
        {
            foreach (string name in await ListNamesAsync(old, cancellation).ConfigureAwait(false))
            {
                await _store.DeleteAsync(_folder + name, cancellation).ConfigureAwait(false);
            }
        }

        return manifest;

        CheckpointHead Commit(CheckpointHead head)
        {
            replaced = head.Checkpoints;
            IEnumerable<CheckpointEntry> whole = replaced.Where(old => old.Folder != entry.Folder && !_damaged.Contains(old));
            return head with { Epoch = epoch, Checkpoints = [entry, .. whole.Take(Kept - 1)] };
        }
    }

    /// <summary>
    /// Loads weights and moments of the last committed checkpoint that is whole. Lengths and SHA-256 are verified; a checkpoint that is torn
    /// or altered is skipped for the one before it.
    /// </summary>
    /// <param name="model">Receives the tensors; undefined if no checkpoint is whole.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint is another model's, or was written by a later version.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoints.</exception>
    public Task<CheckpointLoad> LoadLatestAsync(ITrainableModel model, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return LoadAsync([(CheckpointFile.OfWeights(model), Weights), (CheckpointFile.OfMoments(model), Moments)], cancellation);
    }

    /// <summary>Loads the weights alone of the last committed checkpoint that is whole, as <see cref="LoadLatestAsync"/> does.</summary>
    /// <param name="model">Receives the weights; undefined if no checkpoint is whole.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint is another model's, or was written by a later version.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoints.</exception>
    public Task<CheckpointLoad> LoadWeightsAsync(ITrainableModel model, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return LoadAsync([(CheckpointFile.OfWeights(model), Weights)], cancellation);
    }

    /// <summary>The manifests of committed checkpoints, newest first, without those that are damaged themselves; files are not verified.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">A checkpoint was written by a later version.</exception>
    public async Task<IReadOnlyList<CheckpointManifest>> ListAsync(CancellationToken cancellation = default)
    {
        (CheckpointHead head, _) = await ReadHeadAsync(null, cancellation).ConfigureAwait(false);
        var manifests = new List<CheckpointManifest>();
        foreach (CheckpointEntry entry in head.Checkpoints)
        {
            try
            {
                manifests.Add(await ReadManifestAsync(entry, cancellation).ConfigureAwait(false));
            }
            catch (DamagedCheckpointException)
            {
                // Not a checkpoint that can be had: loading says why.
            }
        }

        return manifests;
    }

    private static CheckpointBlob Weights(CheckpointManifest manifest) => manifest.Weights;

    private static CheckpointBlob Moments(CheckpointManifest manifest) => manifest.Moments;

    private static void EnsureNotSuperseded(CheckpointHead head, long epoch)
    {
        if (head.Epoch > epoch)
        {
            throw new EpochSupersededException(epoch, head.Epoch);
        }
    }

    private async Task<CheckpointLoad> LoadAsync(
        IReadOnlyList<(CheckpointFile File, Func<CheckpointManifest, CheckpointBlob> Blob)> files, CancellationToken cancellation)
    {
        var skipped = new List<string>();
        (CheckpointHead head, string? tag) = await ReadHeadAsync(skipped.Add, cancellation).ConfigureAwait(false);
        foreach (CheckpointEntry entry in head.Checkpoints)
        {
            try
            {
                CheckpointManifest manifest = await ReadManifestAsync(entry, cancellation).ConfigureAwait(false);
                foreach ((CheckpointFile file, Func<CheckpointManifest, CheckpointBlob> blob) in files)
                {
                    file.EnsureSameTensors(manifest, blob(manifest));
                    await file.LoadAsync(_store, blob(manifest), cancellation).ConfigureAwait(false);
                }

                return new CheckpointLoad(manifest, skipped);
            }
            catch (DamagedCheckpointException failure)
            {
                _damaged.Add(entry);
                skipped.Add(string.Create(CultureInfo.InvariantCulture, $"The checkpoint of step {entry.Step} was skipped: {failure.Message}."));
            }
        }

        // The trainer may have deleted these by now, having committed newer ones.
        (_, string? tagNow) = await ReadHeadAsync(null, cancellation).ConfigureAwait(false);
        return tagNow == tag ? new CheckpointLoad(null, skipped) : await LoadAsync(files, cancellation).ConfigureAwait(false);
    }

    private async Task<CheckpointManifest> ReadManifestAsync(CheckpointEntry entry, CancellationToken cancellation)
    {
        byte[] content;
        try
        {
            content = await _store.ReadAllBytesAsync(_folder + entry.Manifest, cancellation).ConfigureAwait(false);
        }
        catch (BlobNotFoundException failure)
        {
            throw new DamagedCheckpointException($"its manifest '{_folder}{entry.Manifest}' is not there", failure);
        }

        return Convert.ToHexStringLower(SHA256.HashData(content)) == entry.ManifestHash
            ? CheckpointManifest.Parse(content, _folder + entry.Manifest)
            : throw new DamagedCheckpointException($"its manifest '{_folder}{entry.Manifest}' is altered");
    }

    private async Task<CheckpointBlob> WriteAsync(
        CheckpointFile file, string nameStart, List<CheckpointTensor> tensors, CancellationToken cancellation)
    {
        var described = file.Describe();
        string name = $"{_folder}{nameStart}-{described.Sha256}.safetensors";
        await using Stream content = file.Open();

        // Written even where a blob of that name is: it might be the altered one that made this attempt start again.
        await _store.WriteAsync(name, content, WriteCondition.None, cancellation).ConfigureAwait(false);
        tensors.AddRange(described.Tensors.Select(tensor =>
            new CheckpointTensor(tensor.Name, tensor.Shape, DataType, name, tensor.Sha256, tensor.Bytes)));
        return new CheckpointBlob(name, described.Sha256, described.Bytes);
    }

    /// <summary>Changes the head by conditional writes until one holds. Returns the head that is there then.</summary>
    private async Task<CheckpointHead> SwapAsync(
        long epoch, Func<CheckpointHead, CheckpointHead> change, Action<string>? notify, CancellationToken cancellation)
    {
        CheckpointHead? lost = null;
        while (true)
        {
            (CheckpointHead head, string? tag) = await ReadHeadAsync(notify, cancellation).ConfigureAwait(false);
            EnsureNotSuperseded(head, epoch);
            if (lost is not null && lost.ToBytes().AsSpan().SequenceEqual(head.ToBytes()))
            {
                // The write did hold: its answer was lost, and the store's second try found the first one's work.
                return head;
            }

            CheckpointHead changed = change(head);
            try
            {
                WriteCondition condition = tag is null ? WriteCondition.Absent : WriteCondition.Matches(tag);
                await _store.WriteBytesAsync(_folder + HeadName, changed.ToBytes(), condition, cancellation).ConfigureAwait(false);
                return changed;
            }
            catch (BlobConditionException)
            {
                lost = changed;
            }
        }
    }

    /// <summary>The head with its tag, null if there is none. A head that is damaged is made again of the manifests that are there.</summary>
    private async Task<(CheckpointHead Head, string? Tag)> ReadHeadAsync(Action<string>? notify, CancellationToken cancellation)
    {
        string name = _folder + HeadName;
        BlobInfo? info = await _store.GetInfoAsync(name, cancellation).ConfigureAwait(false);
        if (info is null)
        {
            return (new CheckpointHead(CheckpointManifest.CurrentFormat, 0, []), null);
        }

        // Content newer than the tag only makes a conditional write fail, and the head be read again.
        byte[] content = await _store.ReadAllBytesAsync(name, cancellation).ConfigureAwait(false);
        if (CheckpointHead.Parse(content, name) is { } head)
        {
            return (head, info.Tag);
        }

        notify?.Invoke($"The checkpoint record '{name}' is damaged; it was made again from the manifests that are there.");
        List<string> names = await ListNamesAsync("", cancellation).ConfigureAwait(false);
        List<CheckpointEntry> entries =
        [
            .. names.Select(CheckpointEntry.Parse).OfType<CheckpointEntry>().OrderByDescending(entry => entry.Step).ThenByDescending(entry => entry.Epoch),
        ];
        return (new CheckpointHead(CheckpointManifest.CurrentFormat, entries.Select(entry => entry.Epoch).DefaultIfEmpty().Max(), entries), info.Tag);
    }

    private async Task<List<string>> ListNamesAsync(string prefix, CancellationToken cancellation)
    {
        var names = new List<string>();
        await foreach (BlobInfo blob in _store.ListAsync(_folder + prefix, cancellation).ConfigureAwait(false))
        {
            names.Add(blob.Name[_folder.Length..]);
        }

        return names;
    }
}
