using System.Text.Json.Serialization;

namespace SlungOrleans.Corpora;

/// <summary>The width of token ids in a file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenWidth>))]
public enum TokenWidth
{
    /// <summary>Two bytes, little-endian: vocabularies of up to 65,536 tokens.</summary>
    [JsonStringEnumMemberName("uint16")]
    UInt16 = 2,

    /// <summary>Four bytes, little-endian.</summary>
    [JsonStringEnumMemberName("uint32")]
    UInt32 = 4,
}

/// <summary>What lies in the two files of a packed data set, as <c>manifest.json</c> beside them says it.</summary>
public sealed record PackedDatasetManifest
{
    /// <summary>The format version that this code writes.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The version of the format.</summary>
    [JsonPropertyName("formatVersion")]
    public required int FormatVersion { get; init; }

    /// <summary>The width of the ids in <c>input_ids</c>.</summary>
    [JsonPropertyName("tokenWidth")]
    public required TokenWidth TokenWidth { get; init; }

    /// <summary>How many sequences.</summary>
    [JsonPropertyName("sequences")]
    public required int Sequences { get; init; }

    /// <summary>Tokens in each.</summary>
    [JsonPropertyName("sequenceLength")]
    public required int SequenceLength { get; init; }

    /// <summary>Every id is below this.</summary>
    [JsonPropertyName("vocabularySize")]
    public required int VocabularySize { get; init; }

    /// <summary>The fingerprint of the tokenizer; empty if it is not known.</summary>
    [JsonPropertyName("tokenizer")]
    public required string Tokenizer { get; init; }

    /// <summary>SHA-256 of <c>input_ids</c>, lower-case hexadecimal. It names the tokens and their order.</summary>
    [JsonPropertyName("inputIdsSha256")]
    public required string InputIdsSha256 { get; init; }

    /// <summary>SHA-256 of <c>label_mask</c>, lower-case hexadecimal.</summary>
    [JsonPropertyName("labelMaskSha256")]
    public required string LabelMaskSha256 { get; init; }

    /// <summary>How many tokens have which label.</summary>
    [JsonPropertyName("labels")]
    public required LabelCounts Labels { get; init; }
}
