using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Exports;

/// <inheritdoc cref="IStudyArchives"/>
internal sealed class StudyArchives(StudyExporter exporter, StudyImporter importer, StudyReports reports, IOptions<LabOptions> options) : IStudyArchives
{
    private const int BufferBytes = 1 << 16;

    private static readonly ArchiveLimits Limits = new();

    public async Task<Stream> ExportAsync(string study, CancellationToken cancellation)
    {
        // Packed whole before the first byte is sent: a fault in the middle must not look like an archive. Not in memory: it may be large.
        var archive = CreateTemporary("export");
        try
        {
            await exporter.WriteAsync(study, archive, cancellation);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    public Task<string> ReportAsync(string study, CancellationToken cancellation) => reports.OfCompletedAsync(study, cancellation);

    public async Task<string> ImportAsync(Stream archive, string file, CancellationToken cancellation)
    {
        await using var whole = CreateTemporary("import");
        var buffer = new byte[BufferBytes];
        while (await archive.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (whole.Length + count > Limits.ArchiveBytes)
            {
                throw new LabException($"The file '{file}' has more than {Limits.ArchiveBytes} bytes; a study's archive has at most that many.");
            }

            await whole.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        return await importer.ImportAsync(whole, Path.GetFileName(file), Limits, cancellation);
    }

    private FileStream CreateTemporary(string purpose) => new(
        Path.Combine(options.Value.Data, $".{purpose}-{Guid.NewGuid():N}.zip"),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
}
