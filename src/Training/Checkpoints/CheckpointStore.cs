using System.Globalization;
using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>
/// A run's checkpoints in a folder of a blob store. A checkpoint's files are written first, each under its content's hash and in a folder of
/// its step and epoch that no other attempt writes to; then its manifest; then one conditional write of <c>head.json</c> commits it: what
/// the head does not name does not count. Whoever has begun a newer epoch has fenced all older ones out. What a policy does not keep is
/// deleted with every commit, but never what somebody has recorded to be reading. Not safe for concurrent calls; several processes may each
/// have one on the same folder.
/// </summary>
public sealed partial class CheckpointStore
{
    private const string DataType = "F32";

    private readonly IBlobStore _store;
    private readonly CheckpointFolder _folder;
    private readonly RetentionPolicy _retention;
    private readonly HashSet<string> _damaged = [];

    /// <summary>Names the folder; nothing is read yet.</summary>
    /// <param name="store">The blob store.</param>
    /// <param name="folder">The folder, for example <c>runs/a-1/checkpoints</c>; nothing else may lie in it.</param>
    /// <param name="retention">Which checkpoints a commit keeps; null for the two latest.</param>
    /// <param name="clock">The clock that uses time out by; null for the system's. Those of all who share the folder should agree within minutes.</param>
    /// <exception cref="ArgumentException">The policy is out of its ranges.</exception>
    public CheckpointStore(IBlobStore store, string folder, RetentionPolicy? retention = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _retention = retention ?? new RetentionPolicy();
        _retention.Validate();
        _store = store;
        _folder = new CheckpointFolder(store, folder, clock ?? TimeProvider.System);
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
        List<string> present = await _folder.ListNamesAsync("", cancellation).ConfigureAwait(false);
        CheckpointHead head = await _folder.SwapAsync(
            epoch, head => (head with { Epoch = epoch }).With(UsesOfOthers(head, epoch)), notices.Add, cancellation).ConfigureAwait(false);
        HashSet<string> committed = [.. head.Checkpoints.Select(entry => entry.Folder)];
        await _folder.DeleteAsync(
            present.Where(name => CheckpointEntry.FolderOfBlob(name) is { } folder && !committed.Contains(folder)), cancellation).ConfigureAwait(false);
        return notices;
    }

    /// <summary>Writes a checkpoint and commits it; then deletes those that are not kept.</summary>
    /// <param name="model">The model: its weights and moments are written.</param>
    /// <param name="info">What the trainer knows of it.</param>
    /// <param name="epoch">The attempt's epoch. What it used to go on from is not in use any more.</param>
    /// <param name="cancellation">Cancels the call; the checkpoint may then be committed or not.</param>
    /// <exception cref="EpochSupersededException">An attempt of a higher epoch has begun; nothing was committed.</exception>
    /// <exception cref="BlobStoreException">The store failed; the checkpoint may be committed or not, those before it still are.</exception>
    public async Task<CheckpointManifest> CommitAsync(
        ITrainableModel model, CheckpointInfo info, long epoch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(info);
        CheckpointFolder.EnsureNotSuperseded((await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false)).Head, epoch);

        string folder = CheckpointEntry.FolderOf(info.Step, epoch);
        (CheckpointBlob weights, IEnumerable<CheckpointTensor> weightTensors) =
            await WriteAsync(CheckpointFile.OfWeights(model), $"{folder}weights", cancellation).ConfigureAwait(false);
        FaultPoints.Reach("checkpoint/after-weights");
        (CheckpointBlob moments, IEnumerable<CheckpointTensor> momentTensors) =
            await WriteAsync(CheckpointFile.OfMoments(model), $"{folder}moments", cancellation).ConfigureAwait(false);
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
            Weights = weights,
            Moments = moments,
            Tensors = [.. weightTensors, .. momentTensors],
        };
        byte[] content = manifest.ToBytes();
        CheckpointEntry entry = CheckpointEntry.Of(info.Step, epoch, Convert.ToHexStringLower(SHA256.HashData(content))).Describe(manifest);
        FaultPoints.Reach("checkpoint/before-manifest");
        await _store.WriteBytesAsync(_folder.Name + entry.Manifest, content, cancellation: cancellation).ConfigureAwait(false);
        FaultPoints.Reach("checkpoint/after-manifest");

        IReadOnlyList<CheckpointEntry> replaced = [];
        bool damaged = false;
        CheckpointHead after = await _folder.SwapAsync(epoch, Commit, _ => damaged = true, cancellation).ConfigureAwait(false);
        IEnumerable<string> dropped = replaced.Select(old => old.Folder).Except(after.Checkpoints.Select(kept => kept.Folder));
        foreach (string old in dropped)
        {
            await _folder.DeleteAsync(await _folder.ListNamesAsync(old, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }

        return manifest;

        CheckpointHead Commit(CheckpointHead head)
        {
            replaced = head.Checkpoints;
            CheckpointHead others = head.With(UsesOfOthers(head, epoch));
            HashSet<string> inUse = [.. others.UsesAt(_folder.Now).Select(use => use.Manifest)];

            // A head that was made again holds this one already, and pinned as all that are there.
            CheckpointEntry added = entry with { Pinned = !damaged && replaced.Any(old => old.Folder == entry.Folder && old.Pinned) };
            IEnumerable<CheckpointEntry> rest = replaced.Where(old =>
                old.Folder != entry.Folder && (old.Pinned || inUse.Contains(old.Manifest) || !_damaged.Contains(old.Manifest)));
            var plan = RetentionPlan.Of([added, .. rest], inUse, _retention);
            return others with { Epoch = epoch, Checkpoints = [.. plan.Decisions.Where(decision => !decision.IsDeleted).Select(decision => decision.Entry)] };
        }
    }

    /// <summary>
    /// Loads weights and moments of the last committed checkpoint that is whole. Lengths and SHA-256 are verified; a checkpoint that is torn
    /// or altered is skipped for the one before it.
    /// </summary>
    /// <param name="model">Receives the tensors; undefined if no checkpoint is whole.</param>
    /// <param name="user">Who reads: the checkpoint is not deleted until it is released; null where it need not be held.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint is another model's, or was written by a later version.</exception>
    /// <exception cref="EpochSupersededException">The reader is an attempt, and one of a higher epoch has begun.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoints.</exception>
    public Task<CheckpointLoad> LoadLatestAsync(ITrainableModel model, CheckpointUser? user = null, CancellationToken cancellation = default) =>
        LoadBeforeAsync(model, long.MaxValue, user, cancellation);

    /// <summary>Loads weights and moments of the last committed checkpoint before a step, as <see cref="LoadLatestAsync"/> does.</summary>
    /// <param name="model">Receives the tensors; undefined if no such checkpoint is whole.</param>
    /// <param name="step">Only checkpoints of lower steps.</param>
    /// <param name="user">Who reads: the checkpoint is not deleted until it is released; null where it need not be held.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint is another model's, or was written by a later version.</exception>
    /// <exception cref="EpochSupersededException">The reader is an attempt, and one of a higher epoch has begun.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoints.</exception>
    public Task<CheckpointLoad> LoadBeforeAsync(
        ITrainableModel model, long step, CheckpointUser? user = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return LoadAsync([(CheckpointFile.OfWeights(model), Weights), (CheckpointFile.OfMoments(model), Moments)], step, user, cancellation);
    }

    /// <summary>Loads the weights alone of the last committed checkpoint that is whole, as <see cref="LoadLatestAsync"/> does.</summary>
    /// <param name="model">Receives the weights; undefined if no checkpoint is whole.</param>
    /// <param name="user">Who reads: the checkpoint is not deleted until it is released; null where it need not be held.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">The checkpoint is another model's, or was written by a later version.</exception>
    /// <exception cref="EpochSupersededException">The reader is an attempt, and one of a higher epoch has begun.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoints.</exception>
    public Task<CheckpointLoad> LoadWeightsAsync(ITrainableModel model, CheckpointUser? user = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return LoadAsync([(CheckpointFile.OfWeights(model), Weights)], long.MaxValue, user, cancellation);
    }

    /// <summary>The manifests of committed checkpoints, newest first, without those that are damaged themselves; files are not verified.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CheckpointMismatchException">A checkpoint was written by a later version.</exception>
    public async Task<IReadOnlyList<CheckpointManifest>> ListAsync(CancellationToken cancellation = default)
    {
        HeadReading reading = await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false);
        var manifests = new List<CheckpointManifest>();
        foreach (CheckpointEntry entry in reading.Head.Checkpoints)
        {
            try
            {
                manifests.Add(await _folder.ReadManifestAsync(entry, cancellation).ConfigureAwait(false));
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

    /// <summary>Without those of this attempt and of older ones, which are fenced out.</summary>
    private static IEnumerable<CheckpointUse> UsesOfOthers(CheckpointHead head, long epoch) =>
        (head.Uses ?? []).Where(use => use.Attempt is null || use.Attempt > epoch);

    private async Task<CheckpointLoad> LoadAsync(
        IReadOnlyList<(CheckpointFile File, Func<CheckpointManifest, CheckpointBlob> Blob)> files,
        long before,
        CheckpointUser? user,
        CancellationToken cancellation)
    {
        while (true)
        {
            var skipped = new List<string>();
            HeadReading reading = await _folder.ReadHeadAsync(skipped.Add, cancellation).ConfigureAwait(false);
            foreach (CheckpointEntry entry in reading.Head.Checkpoints.Where(entry => entry.Step < before))
            {
                try
                {
                    if (user is not null && !await UseAsync(entry, user, cancellation).ConfigureAwait(false))
                    {
                        break;
                    }

                    CheckpointManifest manifest = await _folder.ReadManifestAsync(entry, cancellation).ConfigureAwait(false);
                    foreach ((CheckpointFile file, Func<CheckpointManifest, CheckpointBlob> blob) in files)
                    {
                        file.EnsureSameTensors(manifest, blob(manifest));
                        await file.LoadAsync(_store, manifest, blob(manifest), cancellation).ConfigureAwait(false);
                    }

                    return new CheckpointLoad(manifest, skipped);
                }
                catch (DamagedCheckpointException failure)
                {
                    _damaged.Add(entry.Manifest);
                    skipped.Add(string.Create(CultureInfo.InvariantCulture, $"The checkpoint of step {entry.Step} was skipped: {failure.Message}."));
                }
            }

            // The trainer may have deleted these by now, having committed newer ones.
            CheckpointHead now = (await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false)).Head;
            if (Manifests(now).SequenceEqual(Manifests(reading.Head)))
            {
                if (user is not null)
                {
                    await ReleaseAsync(user, cancellation).ConfigureAwait(false);
                }

                return new CheckpointLoad(null, skipped);
            }
        }

        static IEnumerable<string> Manifests(CheckpointHead head) => head.Checkpoints.Select(entry => entry.Manifest);
    }

    /// <summary>Writes a file, even where one of that name is: it might be the altered one that made this attempt start again.</summary>
    private async Task<(CheckpointBlob Blob, IEnumerable<CheckpointTensor> Tensors)> WriteAsync(CheckpointFile file, string nameStart, CancellationToken cancellation)
    {
        CheckpointContent content = file.ToContent(_folder.Name + nameStart);
        BlobInfo written = await _store.WriteAsync(content, cancellation).ConfigureAwait(false);
        CheckpointFileDescription description = content.Describe();
        return (
            new CheckpointBlob(written.Name, description.Sha256, description.Bytes),
            description.Tensors.Select(tensor => new CheckpointTensor(tensor.Name, tensor.Shape, DataType, written.Name, tensor.Sha256, tensor.Bytes)));
    }
}
