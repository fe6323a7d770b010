using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// GPT-2's alphabet: a printable character for every byte. Printable Latin-1 stands for itself, the 68 other bytes are U+0100 onwards.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharacterOf = BuildCharacters();
    private static readonly short[] ByteOf = BuildBytes();

    /// <summary>All bytes, in the order of their characters: the order in which Hugging Face's trainer numbers them.</summary>
    internal static IEnumerable<byte> InCharacterOrder { get; } =
        [.. Enumerable.Range(0, 256).OrderBy(value => CharacterOf[value]).Select(value => (byte)value)];

    internal static string Write(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            characters[i] = CharacterOf[bytes[i]];
        }

        return new string(characters);
    }

    /// <summary>The bytes of a token as a vocabulary writes it. One with a character of no byte is text as it stands.</summary>
    internal static byte[] Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = token[i] < ByteOf.Length ? ByteOf[token[i]] : (short)-1;
            if (value < 0)
            {
                return Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(printable ? value : next++);
        }

        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[CharacterOf.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[CharacterOf[value]] = (short)value;
        }

        return bytes;
    }
}
