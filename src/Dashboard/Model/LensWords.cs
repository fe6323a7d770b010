using System.Globalization;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Tokens, losses and probabilities in words, and as steps of a picture.</summary>
internal static class LensWords
{
    /// <summary>Steps of a bar, without none.</summary>
    public const int Steps = 9;

    // A bar is empty here and below.
    private const double LowestExponent = -4;

    public static string For(TokenTreatment treatment) => treatment switch
    {
        TokenTreatment.CrossEntropy => "cross-entropy",
        TokenTreatment.Unlikelihood => "unlikelihood",
        TokenTreatment.None => "no loss",
        TokenTreatment.Absent => "absent",
        _ => throw new ArgumentOutOfRangeException(nameof(treatment), treatment, "Not a treatment of a token."),
    };

    /// <summary>The style of a treatment.</summary>
    public static string ClassOf(TokenTreatment treatment) => treatment switch
    {
        TokenTreatment.CrossEntropy => "learnt",
        TokenTreatment.Unlikelihood => "unlearnt",
        TokenTreatment.None => "ignored",
        _ => "absent",
    };

    /// <summary>The style of a label.</summary>
    public static string ClassOf(SpanLevel level) => level switch
    {
        SpanLevel.HighRisk => "high-risk",
        SpanLevel.Middle => "middle",
        _ => "benign",
    };

    /// <summary>How tall a probability's bar is, 0 to <see cref="Steps"/>: by orders of magnitude, 0.0001 and less being none.</summary>
    public static int StepOf(double probability) => probability > 0
        ? Math.Clamp((int)Math.Round(Steps * (1 - (Math.Log10(probability) / LowestExponent))), 0, Steps)
        : 0;

    /// <summary>A token's text with what cannot be seen made visible.</summary>
    public static string Visible(LensToken token) => token.Text.Length == 0
        ? "…"
        : token.Text.Replace("\r", "␍", StringComparison.Ordinal).Replace("\n", "⏎", StringComparison.Ordinal).Replace("\t", "⇥", StringComparison.Ordinal);

    public static string Probability(double probability) => probability switch
    {
        < 0.001 => Format.Number(probability, 2),
        _ => probability.ToString("0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>Mean surprise in bits of the tokens of one label, and how many they are.</summary>
    public static (double Bits, int Count) Surprise(ImmutableArray<LensToken> tokens, ImmutableArray<double> probabilities, SpanLevel level)
    {
        var bits = tokens.Zip(probabilities).Where(pair => pair.First.Level == level).Select(pair => -Math.Log2(pair.Second)).ToArray();
        return (bits.Length == 0 ? double.NaN : bits.Average(), bits.Length);
    }
}
