using System.Security.Cryptography;
using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>Names tagging jobs: the same tagger over the same version is the same job, whoever asks.</summary>
internal static class TaggingJobs
{
    public static string IdFor(string corpus, string version, TaggerSpecification tagger)
    {
        var settings = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(tagger)))[..8];
        return Identifiers.ForTaggingJob(corpus, version, $"{tagger.Kind}-{settings}");
    }
}
