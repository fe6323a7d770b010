using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
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
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

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

        return head is { Format: > CheckpointManifest.CurrentFormat }
            ? throw new CheckpointMismatchException(
                $"Checkpoint record '{name}' has format version {head.Format}; this program reads versions 1 to {CheckpointManifest.CurrentFormat}. A later version of it wrote the checkpoints.")
            : head is { Format: >= 1 } && head.ToBytes().AsSpan().SequenceEqual(content) ? head : null;
    }
}

/// <summary>A checkpoint in the head record.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">The attempt that made it.</param>
/// <param name="Manifest">Its manifest's blob, in the folder of checkpoints; the name holds the content's SHA-256.</param>
internal sealed partial record CheckpointEntry(long Step, long Epoch, string Manifest)
{
    /// <summary>The folder of its blobs, and of nothing else.</summary>
    internal string Folder => FolderOf(Step, Epoch);

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
