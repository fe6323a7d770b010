using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>How pictures look in the page, and when they are taken away from it.</summary>
internal static class Pictures
{
    /// <summary>In the page: its colours, light or dark, and marks that open their runs.</summary>
    public static PictureLook InPage { get; } = new()
    {
        Colours = [.. Enumerable.Range(0, ArmColours.Count).Select(ArmColours.Of)],
        AddressOf = run => $"runs/{run.Run}",
    };

    /// <summary>As a file: on white, whatever the page's colours.</summary>
    public static PictureLook AsFile { get; } = new() { Colours = ArmColours.Light, Ground = "#ffffff", Ink = "#15181d" };

    /// <summary>A file's name from a title: letters and digits of ASCII, with dashes between.</summary>
    public static string FileName(string title)
    {
        var words = string.Concat(title.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '));
        var name = string.Join('-', words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 ? name : "chart";
    }
}
