using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Exports;

/// <summary>An archive whose every entry was found to be what its manifest says. Names of entries are looked up, never made into paths.</summary>
internal sealed partial class StudyArchive : IAsyncDisposable
{
    private const long LargestManifest = 64L << 20;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly ArchiveLimits _limits;

    private StudyArchive(ZipArchive zip, Dictionary<string, ZipArchiveEntry> entries, ArchiveLimits limits, ArchiveManifest manifest, string hash)
    {
        (_zip, _entries, _limits) = (zip, entries, limits);
        (Manifest, Hash) = (manifest, hash);
    }

    public ArchiveManifest Manifest { get; }

    /// <summary>SHA-256 of the whole archive.</summary>
    public string Hash { get; }

    /// <summary>Opens an archive and verifies all of it.</summary>
    /// <exception cref="LabException">It is not a study's archive, torn, altered, of a later version, or too large; the message says which.</exception>
    public static async Task<StudyArchive> OpenAsync(Stream stream, ArchiveLimits limits, CancellationToken cancellation)
    {
        ZipArchive? zip = null;
        try
        {
            stream.Position = 0;
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
            stream.Position = 0;
            zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
            var entries = NamedEntries(zip, limits);
            var manifest = await ReadManifestAsync(entries, cancellation);
            await VerifyAsync(manifest, entries, limits, limits.BytesOf(stream.Length), cancellation);
            var archive = new StudyArchive(zip, entries, limits, manifest, hash);
            zip = null;
            return archive;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new LabException($"The file is not a zip archive, or it is torn: {exception.Message}");
        }
        finally
        {
            if (zip is not null)
            {
                await zip.DisposeAsync();
            }
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Opens an entry.</summary>
    /// <exception cref="LabException">There is none of that name.</exception>
    public Task<Stream> OpenAsync(string name, CancellationToken cancellation) =>
        _entries.TryGetValue(name, out var entry) ? entry.OpenAsync(cancellation) : throw new LabException($"The archive has no entry '{name}'; a whole study has one.");

    /// <summary>Reads an entry whole.</summary>
    /// <exception cref="LabException">There is none of that name, or it is too large.</exception>
    public async Task<byte[]> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var stream = await OpenAsync(name, cancellation);
        if (_entries[name].Length > _limits.EntryBytes)
        {
            throw new LabException($"The archive's entry '{name}' has {_entries[name].Length} bytes; at most {_limits.EntryBytes} are expected.");
        }

        // Its length was verified.
        var content = new byte[_entries[name].Length];
        await stream.ReadExactlyAsync(content, cancellation);
        return content;
    }

    public ValueTask DisposeAsync() => _zip.DisposeAsync();

    private static Dictionary<string, ZipArchiveEntry> NamedEntries(ZipArchive zip, ArchiveLimits limits)
    {
        if (zip.Entries.Count > limits.Entries)
        {
            throw new LabException($"The archive has {zip.Entries.Count} entries; at most {limits.Entries} are expected.");
        }

        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            if (!Name().IsMatch(entry.FullName))
            {
                throw new LabException($"The archive has an entry '{entry.FullName}'; names of letters, digits, '.', '_' and '-' below the archive's own folder are expected.");
            }

            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw new LabException($"The archive has two entries '{entry.FullName}'; one is expected.");
            }
        }

        return entries;
    }

    private static async Task<ArchiveManifest> ReadManifestAsync(Dictionary<string, ZipArchiveEntry> entries, CancellationToken cancellation)
    {
        if (!entries.Remove(ArchiveEntries.Manifest, out var entry))
        {
            throw new LabException($"The archive has no {ArchiveEntries.Manifest}; one that `study export` made is expected.");
        }

        using var content = new MemoryStream();
        await using (var stream = await entry.OpenAsync(cancellation))
        {
            await HashAsync(entry.FullName, stream, LargestManifest, content, cancellation);
        }

        var json = content.ToArray();
        EnsureFormat(json);
        return ArchiveJson.Read<ArchiveManifest>(json, ArchiveEntries.Manifest);
    }

    /// <summary>Before anything else of it is read: a later version may say the rest in another way.</summary>
    private static void EnsureFormat(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("kind", out var kind)
                || kind.ValueKind != JsonValueKind.String
                || kind.GetString() != ArchiveManifest.StudyKind
                || !document.RootElement.TryGetProperty("formatVersion", out var version)
                || !version.TryGetInt32(out var format))
            {
                throw new LabException($"The archive is not that of a study: its {ArchiveEntries.Manifest} does not say kind '{ArchiveManifest.StudyKind}' and a formatVersion.");
            }

            if (format is < 1 or > ArchiveManifest.CurrentFormat)
            {
                throw new LabException($"The archive has format version {format}; this lab reads version {ArchiveManifest.CurrentFormat}. A later version of it made the archive.");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new LabException($"The archive's {ArchiveEntries.Manifest} is not JSON: {exception.Message}");
        }
    }

    private static async Task VerifyAsync(ArchiveManifest manifest, Dictionary<string, ZipArchiveEntry> entries, ArchiveLimits limits, long bytes, CancellationToken cancellation)
    {
        var listed = manifest.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        if (listed.Count != manifest.Entries.Length || !listed.SetEquals(entries.Keys))
        {
            var odd = entries.Keys.Concat(listed).FirstOrDefault(name => !listed.Contains(name) || !entries.ContainsKey(name));
            throw new LabException($"The archive was altered: its entries are not those of its {ArchiveEntries.Manifest} (for example '{odd ?? manifest.Entries[0].Name}').");
        }

        foreach (var entry in manifest.Entries)
        {
            var most = Math.Min(bytes, limits.EntryBytes);
            await using var stream = await entries[entry.Name].OpenAsync(cancellation);
            var (length, hash) = await HashAsync(entry.Name, stream, most, copy: null, cancellation);
            if (length != entry.Bytes || hash != entry.Sha256 || length != entries[entry.Name].Length)
            {
                throw new LabException($"The archive's entry '{entry.Name}' was altered: its SHA-256 is {hash} over {length} bytes; {entry.Sha256} over {entry.Bytes} is expected.");
            }

            bytes -= length;
        }
    }

    private static async Task<(long Length, string Hash)> HashAsync(string name, Stream stream, long most, Stream? copy, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long length = 0;
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            length += count;
            if (length > most)
            {
                throw new LabException($"The archive's entry '{name}' expands to more than {most} bytes; an archive of this length may not.");
            }

            hash.AppendData(buffer, 0, count);
            copy?.Write(buffer, 0, count);
        }

        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [GeneratedRegex(@"^(?!\.)[A-Za-z0-9._-]+(/(?!\.)[A-Za-z0-9._-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
