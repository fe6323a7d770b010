using System.IO.Compression;
using System.Text;

namespace SlungOrleans.Corpora.Tests.Readers;

/// <summary>A file of a test, deleted after it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slung-corpora-").FullName;

    public TemporaryFile(string name, byte[] content)
    {
        Path = System.IO.Path.Combine(_folder, name);
        File.WriteAllBytes(Path, content);
    }

    public TemporaryFile(string name, string content)
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }

    public string Path { get; }

    public static byte[] Gzip(string content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return packed.ToArray();
    }

    public List<Document> Read(DocumentSource? source = null, ReadCounts? counts = null) =>
        [.. DocumentReader.Read((source ?? new DocumentSource { Path = "" }) with { Path = Path }, counts)];

    public string Error(DocumentSource? source = null) => Assert.Throws<CorpusFormatException>(() => Read(source)).Message;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
