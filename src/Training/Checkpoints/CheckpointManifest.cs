using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SlungOrleans.Training;

/// <summary>What a checkpoint says of itself. It holds no time of day: equal checkpoints have equal manifests.</summary>
public sealed record CheckpointManifest
{
    /// <summary>The version of this format that is written; earlier ones are read.</summary>
    public const int CurrentFormat = 2;

    /// <summary>From this version on a file's hash is made of its header's and its tensors'; before, it was that of all its bytes.</summary>
    internal const int FormatOfTensorHashes = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
    };

    /// <summary>The version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The program and engine that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch of the attempt that made it.</summary>
    public required long Epoch { get; init; }

    /// <summary>The run's seed. All random streams are functions of it and of the step: it is the whole random state.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The position in the data: sequences trained on.</summary>
    public required long SequencesConsumed { get; init; }

    /// <summary>The loss of the last step; NaN before the first.</summary>
    public required double Loss { get; init; }

    /// <summary>SHA-256 chained over the losses of all steps, to the bit.</summary>
    public required string LossHistoryHash { get; init; }

    /// <summary>What the numbers depend on, by name.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>SHA-256 of <see cref="Settings"/>.</summary>
    public required string SettingsHash { get; init; }

    /// <summary>The file of weights.</summary>
    public required CheckpointBlob Weights { get; init; }

    /// <summary>The file of AdamW's moments.</summary>
    public required CheckpointBlob Moments { get; init; }

    /// <summary>Every tensor.</summary>
    public required IReadOnlyList<CheckpointTensor> Tensors { get; init; }

    /// <summary>SHA-256 of settings, whatever their order.</summary>
    /// <param name="settings">Settings by name.</param>
    public static string HashOf(IReadOnlyDictionary<string, string> settings)
    {
        var ordered = new SortedDictionary<string, string>(settings.ToDictionary(), StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(ordered)));
    }

    internal byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <exception cref="DamagedCheckpointException">It is not a manifest.</exception>
    /// <exception cref="CheckpointMismatchException">A later version of this program wrote it.</exception>
    internal static CheckpointManifest Parse(byte[] content, string name)
    {
        try
        {
            EnsureFormat(content, name);
            return JsonSerializer.Deserialize<CheckpointManifest>(content, Json)
                ?? throw new DamagedCheckpointException($"manifest '{name}' is empty");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DamagedCheckpointException($"manifest '{name}' is malformed ({failure.Message})", failure);
        }
    }

    private static void EnsureFormat(byte[] content, string name)
    {
        using var document = JsonDocument.Parse(content);
        int format = document.RootElement.GetProperty("format").GetInt32();
        if (format is < 1 or > CurrentFormat)
        {
            throw new CheckpointMismatchException(string.Create(
                CultureInfo.InvariantCulture,
                $"Checkpoint manifest '{name}' has format version {format}; this program reads versions 1 to {CurrentFormat}. A later version of it wrote the checkpoint."));
        }
    }
}

/// <summary>A file of a checkpoint.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Sha256">SHA-256 of the SHA-256 of its header and of each tensor's values, in the order of the file; in manifests of format 1 that of all its bytes.</param>
/// <param name="Bytes">Its length.</param>
public sealed record CheckpointBlob(string Name, string Sha256, long Bytes);

/// <summary>A tensor of a checkpoint.</summary>
/// <param name="Name">Its name in the file: the parameter's; with <c>.exp_avg</c> and <c>.exp_avg_sq</c> its moments, as PyTorch calls them.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DataType">The type of its elements: F32.</param>
/// <param name="Blob">The blob that holds it.</param>
/// <param name="Sha256">The hash of its values' bytes.</param>
/// <param name="Bytes">Their length.</param>
public sealed record CheckpointTensor(string Name, IReadOnlyList<int> Shape, string DataType, string Blob, string Sha256, long Bytes);

/// <summary>What the trainer knows of a checkpoint that is about to be made.</summary>
public sealed record CheckpointInfo
{
    /// <summary>Optimizer steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Sequences trained on.</summary>
    public required long SequencesConsumed { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What the numbers depend on, by name.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The loss of the last step; NaN before the first.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>SHA-256 chained over the losses of all steps; empty if none is kept.</summary>
    public string LossHistoryHash { get; init; } = "";

    /// <summary>The program and engine.</summary>
    public string CreatedBy { get; init; } = "SlungOrleans";
}

/// <summary>What loading found.</summary>
/// <param name="Manifest">The checkpoint that was loaded; null if there is none that is whole. The model is then undefined.</param>
/// <param name="Skipped">For each newer checkpoint that was not taken, one sentence that says why.</param>
public sealed record CheckpointLoad(CheckpointManifest? Manifest, IReadOnlyList<string> Skipped);
