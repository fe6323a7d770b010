namespace SlungOrleans.Dashboard.Model;

/// <summary>Every arm has one colour everywhere, by its place in the study; the style sheet says which, for light and dark.</summary>
internal static class ArmColours
{
    public const int Count = 8;

    /// <summary>The style sheet's colours on light ground, for pictures that are taken away from the page.</summary>
    public static readonly ImmutableArray<string> Light = ["#2166c9", "#c8442e", "#14855c", "#8a4bc4", "#b06d00", "#0b8494", "#bf3a7c", "#5d6675"];

    /// <summary>The name of the style sheet's variable.</summary>
    public static string Variable(int arm) => $"--arm-{Math.Max(arm, 0) % Count}";

    /// <summary>The colour's place, from the name of its variable.</summary>
    public static int IndexOf(string variable) => variable[^1] - '0';

    public static string Of(int arm) => $"var({Variable(arm)})";
}
