using SlungOrleans.Contracts;
using SlungOrleans.Corpora;

namespace SlungOrleans.Silo.Specifications;

/// <summary>What an arm sees of the pool of high-risk documents, as written in specifications.</summary>
internal static class ArmData
{
    public const string Base = "base";
    public const string Filtered = "filtered";
    public const string Original = "original";

    public static ArmText ToText(string data) => data switch
    {
        Base => ArmText.Base,
        Filtered => ArmText.Filtered,
        Original => ArmText.Original,
        _ => throw new LabException($"data: '{data}' is not one of {Base}, {Filtered}, {Original}."),
    };
}
