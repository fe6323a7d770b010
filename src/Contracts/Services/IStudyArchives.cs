namespace SlungOrleans.Contracts;

/// <summary>Studies as one file each, to be taken from one lab to another.</summary>
public interface IStudyArchives
{
    /// <summary>Packs a completed study, its runs, metrics, evaluations and report into a zip archive. Equal studies give equal bytes.</summary>
    /// <param name="study">The study's id.</param>
    /// <param name="cancellation">Cancels the packing.</param>
    /// <returns>The archive, at its beginning; it can seek, and is gone once it is closed.</returns>
    /// <exception cref="LabException">There is no such study, or it is not completed.</exception>
    Task<Stream> ExportAsync(string study, CancellationToken cancellation = default);

    /// <summary>Writes a completed study as one HTML page that needs nothing else: verdicts, pictures with their tables, lineage, generations.</summary>
    /// <param name="study">The study's id.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="LabException">There is no such study, or it is not completed.</exception>
    Task<string> ReportAsync(string study, CancellationToken cancellation = default);

    /// <summary>Takes in a study that another lab has exported: a completed study that can be viewed, compared and exported, and never run.</summary>
    /// <param name="archive">The archive; it need not seek, and is read to its end.</param>
    /// <param name="file">The name of its file, for people.</param>
    /// <param name="cancellation">Cancels the reading; nothing is registered then.</param>
    /// <returns>The study's id.</returns>
    /// <exception cref="LabException">It is not such an archive, it is torn or altered, or its name is taken. Nothing was written.</exception>
    Task<string> ImportAsync(Stream archive, string file, CancellationToken cancellation = default);
}
