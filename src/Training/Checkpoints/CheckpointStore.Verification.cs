using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <content>Whether a checkpoint is whole.</content>
public sealed partial class CheckpointStore
{
    private static readonly TimeSpan VerificationTimeOut = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Reads the newest checkpoint of a step to its end and compares lengths and SHA-256 with what its manifest says, as loading does. Meanwhile
    /// it is not deleted.
    /// </summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>What was found; null if there is no checkpoint of that step.</returns>
    /// <exception cref="CheckpointMismatchException">A later version of this program wrote it.</exception>
    /// <exception cref="BlobStoreException">The store failed: nothing is known of the checkpoint.</exception>
    public async Task<CheckpointCheck?> VerifyAsync(long step, CancellationToken cancellation = default)
    {
        CheckpointHead head = (await _folder.ReadHeadAsync(null, cancellation).ConfigureAwait(false)).Head;
        var user = new CheckpointUser($"verify-{Guid.NewGuid():N}", VerificationTimeOut);
        if (head.Checkpoints.FirstOrDefault(entry => entry.Step == step) is not { } entry || !await UseAsync(entry, user, cancellation).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            return await VerifyAsync(entry, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(user, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<CheckpointCheck> VerifyAsync(CheckpointEntry entry, CancellationToken cancellation)
    {
        try
        {
            CheckpointManifest manifest = await _folder.ReadManifestAsync(entry, cancellation).ConfigureAwait(false);
            foreach (CheckpointBlob blob in (CheckpointBlob[])[manifest.Weights, manifest.Moments])
            {
                await EnsureWholeAsync(manifest, blob, cancellation).ConfigureAwait(false);
            }

            return new CheckpointCheck(entry.Step, entry.Epoch, manifest.Weights.Bytes + manifest.Moments.Bytes, null);
        }
        catch (DamagedCheckpointException damage)
        {
            return new CheckpointCheck(entry.Step, entry.Epoch, entry.Bytes, damage.Message);
        }
    }

    /// <exception cref="DamagedCheckpointException">The file is not there, torn or altered.</exception>
    private async Task EnsureWholeAsync(CheckpointManifest manifest, CheckpointBlob blob, CancellationToken cancellation)
    {
        try
        {
            await using Stream content = await _store.OpenReadAsync(blob.Name, cancellation).ConfigureAwait(false);
            if (content.Length != blob.Bytes)
            {
                throw new DamagedCheckpointException($"'{blob.Name}' has {content.Length} bytes, expected {blob.Bytes}");
            }

            await using var hashing = new HashingStream(content);
            if (HashOf(hashing, manifest, blob, cancellation) != blob.Sha256)
            {
                throw new DamagedCheckpointException($"'{blob.Name}' is altered: its SHA-256 is not the manifest's");
            }
        }
        catch (BlobNotFoundException failure)
        {
            throw new DamagedCheckpointException($"'{blob.Name}' is not there", failure);
        }
        catch (SafetensorsException failure)
        {
            throw new DamagedCheckpointException(failure.Message.TrimEnd('.'), failure);
        }
    }

    private static string HashOf(HashingStream content, CheckpointManifest manifest, CheckpointBlob blob, CancellationToken cancellation)
    {
        if (manifest.Format < CheckpointManifest.FormatOfTensorHashes)
        {
            content.CopyTo(Stream.Null);
            return content.Hash();
        }

        var reader = new SafetensorsReader(content, blob.Name);
        byte[] header = content.EndHash();
        Dictionary<string, string> expected = manifest.Tensors.Where(tensor => tensor.Blob == blob.Name).ToDictionary(tensor => tensor.Name, tensor => tensor.Sha256);
        float[] values = new float[reader.Tensors.Max(tensor => tensor.Length)];
        List<byte[]> hashes = [];
        foreach (SafetensorsTensor tensor in reader.Tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<float> own = values.AsSpan(0, (int)tensor.Length);
            reader.Read(tensor, own);
            hashes.Add(SHA256.HashData(MemoryMarshal.AsBytes(own)));
            if (expected.GetValueOrDefault(tensor.Name) != Convert.ToHexStringLower(hashes[^1]))
            {
                throw new DamagedCheckpointException($"'{blob.Name}' is altered: the SHA-256 of its tensor '{tensor.Name}' is not the manifest's");
            }
        }

        return CheckpointContent.HashOf(header, hashes);
    }
}

/// <summary>What a verification of a checkpoint found.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">The attempt that made it.</param>
/// <param name="Bytes">Bytes of its weights and moments; 0 if its manifest is damaged.</param>
/// <param name="Damage">In a few words, what is damaged; null if it is whole.</param>
public sealed record CheckpointCheck(long Step, long Epoch, long Bytes, string? Damage);
