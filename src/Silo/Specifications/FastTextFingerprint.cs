using System.Security.Cryptography;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Ties a study to the bytes of its fastText model: tags that were made with other bytes are other tags.</summary>
internal static class FastTextFingerprint
{
    /// <summary>The tagger with the SHA-256 of its model's file; other kinds of taggers as they are.</summary>
    /// <param name="tagger">The tagger.</param>
    /// <exception cref="LabException">There is no such file, or it is not the one that the tagger names.</exception>
    public static TaggerSpecification Add(TaggerSpecification tagger)
    {
        if (tagger is not { Kind: "fasttext", Model: { } path })
        {
            return tagger;
        }

        if (!File.Exists(path))
        {
            throw new LabException($"data.tagger.model: there is no file '{path}'; expected a model of fastText.");
        }

        using var file = File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        Check(tagger, found);
        return tagger with { Model = Path.GetFullPath(path), ModelSha256 = found };
    }

    /// <summary>Refuses a model that is not the tagger's.</summary>
    /// <param name="tagger">The tagger.</param>
    /// <param name="found">SHA-256 of the model's file, hexadecimal.</param>
    /// <exception cref="LabException">The tagger names another one.</exception>
    public static void Check(TaggerSpecification tagger, string found)
    {
        if (tagger.ModelSha256 is { } expected && !expected.Equals(found, StringComparison.OrdinalIgnoreCase))
        {
            throw new LabException($"data.tagger.model: '{tagger.Model}' has the SHA-256 {found}; expected {expected}.");
        }
    }
}
