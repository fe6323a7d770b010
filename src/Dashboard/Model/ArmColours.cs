namespace SlungOrleans.Dashboard.Model;

/// <summary>Every arm has one colour everywhere, by its place in the study; the style sheet says which, for light and dark.</summary>
internal static class ArmColours
{
    public const int Count = 8;

    /// <summary>The name of the style sheet's variable.</summary>
    public static string Variable(int arm) => $"--arm-{Math.Max(arm, 0) % Count}";

    public static string Of(int arm) => $"var({Variable(arm)})";
}
