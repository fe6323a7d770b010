using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Silo.Exports;

/// <summary>Writes an archive entry by entry; equal entries in equal order give equal bytes.</summary>
internal sealed class ArchiveWriter : IAsyncDisposable
{
    // The earliest that a zip archive can say: an archive does not tell when it was packed.
    private static readonly DateTimeOffset Timeless = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ZipArchive _zip;
    private readonly ImmutableArray<ArchiveEntry>.Builder _entries = ImmutableArray.CreateBuilder<ArchiveEntry>();

    private ArchiveWriter(ZipArchive zip) => _zip = zip;

    public static async Task<ArchiveWriter> CreateAsync(Stream archive, CancellationToken cancellation) =>
        new(await ZipArchive.CreateAsync(archive, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation));

    public Task AddAsync(string name, string text, CancellationToken cancellation) => AddAsync(name, Utf8.GetBytes(text), cancellation);

    public Task AddAsync(string name, byte[] content, CancellationToken cancellation) => AddAsync(name, new MemoryStream(content, writable: false), cancellation);

    public async Task AddAsync(string name, Stream content, CancellationToken cancellation)
    {
        await using (content)
        {
            var entry = _zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Timeless;
            await using var target = await entry.OpenAsync(cancellation);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            long bytes = 0;
            while (await content.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
                bytes += count;
            }

            _entries.Add(new ArchiveEntry(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }
    }

    /// <summary>Ends the archive with its manifest.</summary>
    public Task EndAsync(string study, string lab, CancellationToken cancellation) => AddAsync(
        ArchiveEntries.Manifest,
        ArchiveJson.Write(new ArchiveManifest
        {
            Kind = ArchiveManifest.StudyKind,
            FormatVersion = ArchiveManifest.CurrentFormat,
            Study = study,
            Lab = lab,
            Entries = _entries.ToImmutable(),
        }),
        cancellation);

    public ValueTask DisposeAsync() => _zip.DisposeAsync();
}
