using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>Hashes what a tagger's scores depend on.</summary>
internal static class TaggerFingerprint
{
    /// <summary>SHA-256 of a tagger's name, the version of its code and what it was made of, lower-case hexadecimal.</summary>
    public static string Of(string tagger, int version, IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Prepend($"{tagger}/{version}")))));
}
