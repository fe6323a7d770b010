using System.Security.Cryptography;
using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>Names tagging jobs: the same tagger over the same version is the same job, whoever asks.</summary>
public static class TaggingJobs
{
    /// <summary>The id of the job.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="version">Its version.</param>
    /// <param name="tagger">The tagger.</param>
    public static string IdFor(string corpus, string version, TaggerSpecification tagger)
    {
        var settings = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(tagger)))[..8];
        return Identifiers.ForTaggingJob(corpus, version, $"{tagger.Kind}-{settings}");
    }
}
