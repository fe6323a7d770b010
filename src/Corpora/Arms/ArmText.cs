using System.Text.Json.Serialization;

namespace SlungOrleans.Corpora;

/// <summary>Which text of the pool an arm sees.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArmText>))]
public enum ArmText
{
    /// <summary>None: base text only.</summary>
    [JsonStringEnumMemberName("base")]
    Base,

    /// <summary>The pool's documents without their spans above the benign threshold.</summary>
    [JsonStringEnumMemberName("filtered")]
    Filtered,

    /// <summary>The pool's documents as they are. Arms that mask high-risk tokens and arms that do not share this text.</summary>
    [JsonStringEnumMemberName("original")]
    Original,
}
