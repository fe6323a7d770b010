using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SlungOrleans.Training;

/// <summary>
/// The small record that makes checkpoints count: only those it names are committed. It is replaced by conditional writes alone, and its
/// epoch never falls.
/// </summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Epoch">The newest attempt that has begun.</param>
/// <param name="Checkpoints">Committed checkpoints, newest first.</param>
/// <param name="Sha256">The hash of the record with an empty string in this place; set when it is written.</param>
internal sealed record CheckpointHead(int Format, long Epoch, IReadOnlyList<CheckpointEntry> Checkpoints, string Sha256 = "")
{
    /// <summary>The version that is written. Version 1 had no sizes, scores, pins and uses; it is read.</summary>
    internal const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Checkpoints that may not be deleted for now; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CheckpointUse>? Uses { get; init; }

    /// <summary>The uses that have not timed out, of checkpoints that are there.</summary>
    internal IEnumerable<CheckpointUse> UsesAt(DateTimeOffset now) =>
        (Uses ?? []).Where(use => use.Until > now && Checkpoints.Any(entry => entry.Manifest == use.Manifest));

    /// <summary>The record with these uses, the others forgotten.</summary>
    internal CheckpointHead With(IEnumerable<CheckpointUse> uses) => uses.ToArray() is { Length: > 0 } some ? this with { Uses = some } : this with { Uses = null };

    internal byte[] ToBytes()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Sha256 = "" }, Json)));
        return [.. JsonSerializer.SerializeToUtf8Bytes(this with { Sha256 = hash }, Json), (byte)'\n'];
    }

    /// <summary>The record; null if it is damaged.</summary>
    /// <exception cref="CheckpointMismatchException">A later version of this program wrote it.</exception>
    internal static CheckpointHead? Parse(byte[] content, string name)
    {
        CheckpointHead? head;
        try
        {
            head = JsonSerializer.Deserialize<CheckpointHead>(content, Json);
        }
        catch (JsonException)
        {
            return null;
        }

        return head is { Format: > CurrentFormat }
            ? throw new CheckpointMismatchException(
                $"Checkpoint record '{name}' has format version {head.Format}; this program reads versions 1 to {CurrentFormat}. A later version of it wrote the checkpoints.")
            : head is { Format: >= 1 } && head.ToBytes().AsSpan().SequenceEqual(content) ? head : null;
    }
}

/// <summary>A checkpoint in the head record.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">The attempt that made it.</param>
/// <param name="Manifest">Its manifest's blob, in the folder of checkpoints; the name holds the content's SHA-256.</param>
internal sealed partial record CheckpointEntry(long Step, long Epoch, string Manifest)
{
    /// <summary>Bytes of its weights and moments; 0 if not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Bytes { get; init; }

    /// <summary>The lower the better: the loss of its last step, or a score that was given; null if not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Score { get; init; }

    /// <summary>Whether a person keeps it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Pinned { get; init; }

    /// <summary>The folder of its blobs, and of nothing else.</summary>
    internal string Folder => FolderOf(Step, Epoch);

    /// <summary>The entry with what its manifest says of size and loss; a score that it has stays.</summary>
    internal CheckpointEntry Describe(CheckpointManifest manifest) => this with
    {
        Bytes = manifest.Weights.Bytes + manifest.Moments.Bytes,
        Score = Score ?? (double.IsFinite(manifest.Loss) ? manifest.Loss : null),
    };

    internal string ManifestHash => ManifestName().Match(Manifest).Groups["hash"].Value;

    internal static string FolderOf(long step, long epoch) => string.Create(CultureInfo.InvariantCulture, $"{step:D9}-{epoch:D9}/");

    internal static CheckpointEntry Of(long step, long epoch, string manifestHash) =>
        new(step, epoch, $"{FolderOf(step, epoch)}manifest-{manifestHash}.json");

    /// <summary>The folder of a checkpoint that a blob lies in; null if it lies in none.</summary>
    internal static string? FolderOfBlob(string name) => FolderName().Match(name) is { Success: true } match ? match.Value : null;

    /// <summary>The entry of a manifest of that name; null if it is no manifest's name.</summary>
    internal static CheckpointEntry? Parse(string manifest) => ManifestName().Match(manifest) is { Success: true } match
        ? new CheckpointEntry(
            long.Parse(match.Groups["step"].ValueSpan, CultureInfo.InvariantCulture),
            long.Parse(match.Groups["epoch"].ValueSpan, CultureInfo.InvariantCulture),
            manifest)
        : null;

    [GeneratedRegex("^(?<step>[0-9]{9,18})-(?<epoch>[0-9]{9,18})/manifest-(?<hash>[0-9a-f]{64})\\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex ManifestName();

    [GeneratedRegex("^[0-9]{9,18}-[0-9]{9,18}/", RegexOptions.CultureInvariant)]
    private static partial Regex FolderName();
}

/// <summary>Somebody reads a checkpoint: it may not be deleted until then.</summary>
/// <param name="Owner">Who; one use each.</param>
/// <param name="Manifest">The checkpoint's manifest, as in its entry.</param>
/// <param name="Until">When the use times out, should its owner be gone.</param>
/// <param name="Attempt">The epoch of the attempt that goes on from it; null for a reader.</param>
internal sealed record CheckpointUse(
    string Owner,
    string Manifest,
    DateTimeOffset Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Attempt = null);
