using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace SlungOrleans.Corpora;

/// <summary>Opens files of text: gzip unpacked, UTF-8 checked, what goes wrong told with the file's name.</summary>
internal static class SourceFile
{
    public static StreamReader OpenText(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CorpusFormatException($"{path} is a directory; expected a file.");
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            try
            {
                return Decode(Unpack(file, path), path);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorpusFormatException($"{path} does not exist; expected a file.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CorpusFormatException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A reader of UTF-8 text that throws at invalid bytes. A byte order mark is skipped.</summary>
    public static StreamReader Decode(Stream bytes, string name) =>
        new(new Utf8CheckingStream(bytes, name), Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1 << 16);

    private static Stream Unpack(FileStream file, string path)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        if (!isGzip && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new CorpusFormatException($"{path} is not gzip, though its name says so: its first bytes are not 1F 8B.");
        }

        return isGzip ? new UnpackingStream(file, path) : file;
    }

    /// <summary>Unpacks gzip. The framework's own stream takes a file that is cut off for a complete one; SharpZipLib's does not.</summary>
    private sealed class UnpackingStream(Stream file, string path) : GZipInputStream(file)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                return base.Read(buffer, offset, count);
            }
            catch (Exception e) when (e is SharpZipBaseException or EndOfStreamException)
            {
                throw new CorpusFormatException($"{path}: the gzip data are cut off or damaged ({e.Message}).", e);
            }
        }
    }
}
