using System.Text.RegularExpressions;

namespace SlungOrleans.Contracts;

/// <summary>Faults of a study are sentences that begin with their field, after its line if the text could not be read further.</summary>
public static partial class FaultFields
{
    /// <summary>The path of the field that a fault is about, for example <c>arms[1].data</c>; empty if it is about the text as a whole.</summary>
    /// <param name="fault">A fault of <see cref="StudyReading.Faults"/>.</param>
    public static string Of(string fault) => Pattern().Match(fault) is { Success: true } match ? match.Groups["field"].Value : "";

    /// <summary>Whether a fault of a field is shown at another: the same, or one that holds it (<c>arms</c> for <c>arms[1].data</c>).</summary>
    /// <param name="field">The fault's field.</param>
    /// <param name="shownAt">The other.</param>
    public static bool IsWithin(string field, string shownAt) => field.StartsWith(shownAt, StringComparison.Ordinal)
        && (field.Length == shownAt.Length || (shownAt.Length > 0 && field[shownAt.Length] is '.' or '['));

    // A line, the path, then a colon ("seeds: …") or a word ("training.steps is 0, …").
    [GeneratedRegex(@"^(Line \d+: )?(?<field>[a-z][A-Za-z0-9]*(\[\d+\])?(\.[a-z][A-Za-z0-9]*(\[\d+\])?)*)(: | is )", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
