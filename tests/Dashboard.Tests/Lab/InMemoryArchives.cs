using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>Archives and reports that are words: <c>archive of NAME</c>; there is no study <c>nobody</c>.</summary>
internal sealed class InMemoryArchives : IStudyArchives
{
    private const string Form = "archive of ";

    public Task<Stream> ExportAsync(string study, CancellationToken cancellation) =>
        Task.FromResult<Stream>(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Form + Existing(study))));

    public Task<string> ReportAsync(string study, CancellationToken cancellation) => Task.FromResult($"report of {Existing(study)}");

    public async Task<string> ImportAsync(Stream archive, string file, CancellationToken cancellation)
    {
        using var reader = new StreamReader(archive);
        var text = await reader.ReadToEndAsync(cancellation);
        return text.StartsWith(Form, StringComparison.Ordinal) ? text[Form.Length..] : throw new LabException("The file is not a zip archive.");
    }

    private static string Existing(string study) => study == "nobody" ? throw new LabException($"There is no study '{study}'.") : study;
}
