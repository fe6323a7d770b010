using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>How a picture looks, where what it shows is the same.</summary>
public sealed record PictureLook
{
    /// <summary>The look of a picture in a page of its own colours: text takes the page's, arms stand out on light and on dark ground.</summary>
    public static PictureLook Report { get; } = new();

    /// <summary>The colour of each arm, by its place in the study, as CSS; used again from the first where there are more arms.</summary>
    // Luminance between 0.13 and 0.30: contrast of 3 or more with white and with near-black.
    public ImmutableArray<string> Colours { get; init; } = ["#2f7fd6", "#d9730d", "#1f9d55", "#c2479f", "#8b63d9", "#0e9aa7", "#d64545", "#8a8d1f"];

    /// <summary>The colour behind the picture; null for none.</summary>
    public string? Ground { get; init; }

    /// <summary>The colour of text and axes; null for that of the page around it.</summary>
    public string? Ink { get; init; }

    /// <summary>The page that a run's mark opens; null where marks open nothing.</summary>
    public Func<RunScores, string>? AddressOf { get; init; }
}
