using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>Reads and checks the files of packed data sets.</summary>
internal static class PackedFiles
{
    internal static async Task<PackedDatasetManifest> ReadManifestAsync(
        Func<string, CancellationToken, Task<Stream>> open, CancellationToken cancellation)
    {
        var stream = await open(PackedDataset.ManifestName, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            PackedDatasetManifest? manifest;
            try
            {
                manifest = await JsonSerializer.DeserializeAsync<PackedDatasetManifest>(stream, cancellationToken: cancellation).ConfigureAwait(false);
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
    internal static async Task<byte[]> ReadAsync(
        Func<string, CancellationToken, Task<Stream>> open, string name, long length, string sha256, CancellationToken cancellation)
    {
        if (length > Array.MaxLength)
        {
            throw new CorpusFormatException($"{name} has {length} bytes; at most {Array.MaxLength} can be held in memory.");
        }

        var stream = await open(name, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new byte[length];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            var more = await stream.ReadAsync(new byte[1], cancellation).ConfigureAwait(false);
            if (read != length || more != 0)
            {
                throw new CorpusFormatException(
                    $"{name} has {(more != 0 ? "more than " : "")}{read} bytes; {length} are expected by {PackedDataset.ManifestName}.");
            }

            var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            return found == sha256
                ? bytes
                : throw new CorpusFormatException($"{name} has the SHA-256 {found}; {sha256} is expected by {PackedDataset.ManifestName}.");
        }
    }

    internal static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellation).ConfigureAwait(false);
        return buffer.ToArray();
    }

    internal static void CheckIds(ReadOnlySpan<byte> inputIds, PackedForm form)
    {
        var width = (int)form.TokenWidth;
        for (var i = 0; i < inputIds.Length; i += width)
        {
            var id = width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(inputIds[i..]) : BinaryPrimitives.ReadUInt32LittleEndian(inputIds[i..]);
            if (id >= form.VocabularySize)
            {
                throw new CorpusFormatException(
                    $"{PackedDataset.InputIdsName} has the id {id} at token {i / width}; ids below {form.VocabularySize} are expected.");
            }
        }
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
                $"{PackedDataset.ManifestName} has tokenWidth {manifest.TokenWidth}, {manifest.Sequences} sequences of length {manifest.SequenceLength} and a vocabulary of {manifest.VocabularySize}; uint16 or uint32, 0 or more, 1 or more and 1 or more are expected.");
    }
}
