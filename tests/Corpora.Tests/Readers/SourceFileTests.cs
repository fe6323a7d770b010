using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SlungOrleans.Corpora.Tests.Readers;

public sealed class SourceFileTests
{
    private const string TwoLines = "{\"text\":\"one\"}\n{\"text\":\"two\"}\n";

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        var error = Assert.Throws<CorpusFormatException>(() => DocumentReader.Read(new DocumentSource { Path = "/nowhere/there.jsonl" }));

        Assert.Equal("/nowhere/there.jsonl does not exist; expected a file.", error.Message);
        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    [Fact]
    public void Read_Directory_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("slung-corpora-");

        var error = Assert.Throws<CorpusFormatException>(
            () => DocumentReader.Read(new DocumentSource { Path = folder.FullName, Format = DocumentFormat.Csv }));

        Assert.Equal($"{folder.FullName} is a directory; expected a file.", error.Message);
        folder.Delete();
    }

    [Fact]
    public void Read_UnknownName_AsksForFormat()
    {
        using var file = new TemporaryFile("corpus.parquet", "x");

        Assert.Contains("does not tell its format; expected .jsonl", file.Error());
    }

    [Theory]
    [InlineData("a.jsonl", "")]
    [InlineData("a.csv", "")]
    [InlineData("a.csv", "text\n")]
    [InlineData("a.txt", " \n\n")]
    [InlineData("a.tsv", "")]
    public void Read_EmptyFile_HoldsNoDocuments(string name, string content)
    {
        using var file = new TemporaryFile(name, content);

        Assert.StartsWith($"{file.Path} holds no documents", file.Error());
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.jsonl.gz")]
    public void Read_Gzip_IsRecognisedByContent(string name)
    {
        using var file = new TemporaryFile(name, TemporaryFile.Gzip(TwoLines));

        Assert.Equal(["one", "two"], file.Read().Select(d => d.Text));
    }

    [Fact]
    public void Read_GzipOfTwoMembers_ReadsBoth()
    {
        using var file = new TemporaryFile("a.jsonl.gz", [.. TemporaryFile.Gzip(TwoLines), .. TemporaryFile.Gzip(TwoLines)]);

        Assert.Equal(["one", "two", "one", "two"], file.Read().Select(d => d.Text));
    }

    [Fact]
    public void Read_GzipCutAnywhere_IsAnError()
    {
        var packed = TemporaryFile.Gzip(
            string.Concat(Enumerable.Range(0, 200).Select(i => $"{{\"text\":\"document {i * 7919 % 1000}\"}}\n")));
        foreach (var length in Enumerable.Range(2, packed.Length - 2).Where(l => l % 7 == 0 || packed.Length - l < 9))
        {
            using var file = new TemporaryFile("a.jsonl.gz", packed[..length]);

            Assert.StartsWith($"{file.Path}: the gzip data are cut off or damaged", file.Error());
        }
    }

    [Fact]
    public void Read_PlainFileNamedGz_IsAnError()
    {
        using var file = new TemporaryFile("a.jsonl.gz", TwoLines);

        Assert.StartsWith($"{file.Path} is not gzip, though its name says so", file.Error());
    }

    [Fact]
    public void Read_ByteOrderMark_IsSkipped()
    {
        using var file = new TemporaryFile("a.csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("text\nhello\n")]);

        Assert.Equal("hello", Assert.Single(file.Read()).Text);
    }

    [Fact]
    public void Read_InvalidUtf8_NamesLineAndByte()
    {
        using var file = new TemporaryFile("a.csv", [.. Encoding.UTF8.GetBytes("text\nné\nab"), 0xE9, .. Encoding.UTF8.GetBytes("cd\n")]);

        Assert.Equal($"{file.Path}, line 3: byte 11 of the text (0xE9) is not valid UTF-8; expected UTF-8 text.", file.Error());
    }

    [Fact]
    public void Read_Utf16_HintsAtIt()
    {
        using var file = new TemporaryFile("a.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("text\nhello\n")]);

        Assert.Contains("byte 0 of the text (0xFF) is not valid UTF-8; expected UTF-8 text (it looks like UTF-16", file.Error());
    }

    [Fact]
    public void Utf8CheckingStream_AnyBytesInAnyBlocks_AgreesWithTheFrameworksDecoder()
    {
        byte[][] whole = [[0x61], [0x0A], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80]];
        byte[][] broken = [[0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xFF], [0x80], [0xF0, 0x9F]];
        // Broken pieces are rarer, so that errors lie at all depths.
        var piece = Gen.Frequency((12, Gen.Elements(whole)), (1, Gen.Elements(broken)));
        var property = Prop.ForAll(piece.ArrayOf().ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), (content, block) =>
        {
            var bytes = content.SelectMany(p => p).ToArray();
            var stream = new Utf8CheckingStream(new DribblingStream(bytes, block), "x");
            var expected = FirstInvalid(bytes);
            if (expected < 0)
            {
                var copy = new MemoryStream();
                stream.CopyTo(copy);
                Assert.Equal(bytes, copy.ToArray());
            }
            else
            {
                var line = 1 + bytes.AsSpan(0, expected).Count((byte)'\n');
                Assert.StartsWith($"x, line {line}: byte {expected} of the text (0x{bytes[expected]:X2})",
                    Assert.Throws<CorpusFormatException>(() => stream.CopyTo(Stream.Null)).Message);
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), property);
    }

    private static int FirstInvalid(byte[] bytes)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return -1;
        }
        catch (DecoderFallbackException e)
        {
            return e.Index;
        }
    }

    private sealed class DribblingStream(byte[] bytes, int block) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(block, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(block, count));
    }
}
