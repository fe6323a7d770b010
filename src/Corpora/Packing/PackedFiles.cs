using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>Reads and checks the files of packed data sets.</summary>
internal static class PackedFiles
{
    // A multiple of every width of ids.
    private const int BufferLength = 1 << 16;

    internal static async Task<PackedDatasetManifest> ReadManifestAsync(
        Func<string, CancellationToken, Task<Stream>> open, CancellationToken cancellation)
    {
        var stream = await open(PackedDataset.ManifestName, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            PackedDatasetManifest? manifest;
            try
            {
                manifest = await JsonSerializer.DeserializeAsync<PackedDatasetManifest>(stream, cancellationToken: cancellation)
                    .ConfigureAwait(false);
            }
            catch (JsonException exception)
            {
                throw new CorpusFormatException(
                    $"{PackedDataset.ManifestName} cannot be read as the manifest of a packed data set: {exception.Message}", exception);
            }

            return Check(manifest);
        }
    }

    /// <summary>Reads a file that must have this length and this hash.</summary>
    internal static async Task<SegmentedBytes> ReadAsync(
        Func<string, CancellationToken, Task<Stream>> open, string name, long length, string sha256, CancellationToken cancellation)
    {
        var stream = await open(name, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new SegmentedBytes();
            var read = await bytes.AppendAsync(stream, length, cancellation).ConfigureAwait(false);
            var more = await stream.ReadAsync(new byte[1], cancellation).ConfigureAwait(false);
            if (read != length || more != 0)
            {
                throw new CorpusFormatException(
                    $"{name} has {(more != 0 ? "more than " : "")}{read} bytes; {length} are expected by {PackedDataset.ManifestName}.");
            }

            var found = HashOf(bytes);
            return found == sha256
                ? bytes
                : throw new CorpusFormatException($"{name} has the SHA-256 {found}; {sha256} is expected by {PackedDataset.ManifestName}.");
        }
    }

    internal static void CheckIds(SegmentedBytes inputIds, PackedForm form)
    {
        var width = (int)form.TokenWidth;
        var buffer = new byte[BufferLength];
        for (long start = 0; start < inputIds.Length; start += BufferLength)
        {
            var ids = buffer.AsSpan(0, (int)Math.Min(BufferLength, inputIds.Length - start));
            inputIds.CopyTo(start, ids);
            for (var i = 0; i < ids.Length; i += width)
            {
                var id = width == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(ids[i..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(ids[i..]);
                if (id >= form.VocabularySize)
                {
                    throw new CorpusFormatException(
                        $"{PackedDataset.InputIdsName} has the id {id} at token {(start + i) / width}; ids below {form.VocabularySize} are expected.");
                }
            }
        }
    }

    private static string HashOf(SegmentedBytes bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferLength];
        for (long start = 0; start < bytes.Length; start += BufferLength)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(BufferLength, bytes.Length - start));
            bytes.CopyTo(start, part);
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static PackedDatasetManifest Check(PackedDatasetManifest? manifest)
    {
        if (manifest is null)
        {
            throw new CorpusFormatException($"{PackedDataset.ManifestName} is null; an object is expected.");
        }

        if (manifest.FormatVersion != PackedDatasetManifest.CurrentFormatVersion)
        {
            throw new CorpusFormatException(
                $"{PackedDataset.ManifestName}'s formatVersion is {manifest.FormatVersion}; {PackedDatasetManifest.CurrentFormatVersion} is expected.");
        }

        return Enum.IsDefined(manifest.TokenWidth) && manifest.Sequences >= 0 && manifest.SequenceLength > 0 && manifest.VocabularySize > 0
            ? manifest
            : throw new CorpusFormatException(
                $"{PackedDataset.ManifestName} has tokenWidth {manifest.TokenWidth}, {manifest.Sequences} sequences of length {manifest.SequenceLength} "
                + $"and a vocabulary of {manifest.VocabularySize}; uint16 or uint32, 0 or more, 1 or more and 1 or more are expected.");
    }
}
