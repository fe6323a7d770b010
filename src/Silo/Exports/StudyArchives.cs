using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Exports;

/// <inheritdoc cref="IStudyArchives"/>
internal sealed class StudyArchives(StudyExporter exporter, StudyImporter importer, IOptions<LabOptions> options) : IStudyArchives
{
    public async Task<Stream> ExportAsync(string study, bool withWeights, CancellationToken cancellation)
    {
        // Packed whole before the first byte is sent: a fault in the middle must not look like an archive. Not in memory: it may be gigabytes.
        var archive = new FileStream(
            Path.Combine(options.Value.Data, $".export-{Guid.NewGuid():N}.zip"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            await exporter.WriteAsync(study, withWeights, archive, cancellation);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    public Task<string> ImportAsync(Stream archive, CancellationToken cancellation) => importer.ImportAsync(archive, new ArchiveLimits(), cancellation);
}
