using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Specifications;

/// <summary>The arms of the paper, by name.</summary>
internal static class KnownArms
{
    /// <summary>In the order in which they are shown.</summary>
    public static ImmutableArray<ArmSpecification> All { get; } =
    [
        new() { Name = "control", Data = ArmData.Base },
        new() { Name = "low-risk", Data = ArmData.Filtered },
        new() { Name = "full", Data = ArmData.Original },

        // The authors mask middle tokens here but train on them below: the asymmetry is theirs, and spelling an arm out is the switch.
        new() { Name = "masked", Data = ArmData.Original, MaskedLabels = [2, 3] },
        new() { Name = "unlikelihood", Data = ArmData.Original, UnlikelihoodLabels = [3] },
    ];

    public static string Names => string.Join(", ", All.Select(arm => arm.Name));

    public static ArmSpecification? Find(string name) => All.FirstOrDefault(arm => arm.Name == name);
}
