using System.Diagnostics;
using System.Globalization;

namespace SlungOrleans.Corpora.Tests.Tagging;

/// <summary>fastText's own program, where it is installed: the source of truth for its models.</summary>
internal static class FastTextProgram
{
    private const string Name = "fasttext";

    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Name)));

    /// <summary>Trains a model; gives its path.</summary>
    public static string Train(string folder, IEnumerable<string> labelledLines, string arguments)
    {
        var input = Path.Combine(folder, "training.txt");
        File.WriteAllLines(input, labelledLines);
        Run(["supervised", "-input", input, "-output", Path.Combine(folder, "model"), "-thread", "1", .. arguments.Split(' ')]);
        return Path.Combine(folder, "model.bin");
    }

    /// <summary>What the program prints for lines of text: labels and probabilities, a line each.</summary>
    public static string[] Predict(string folder, string model, IEnumerable<string> lines)
    {
        var input = Path.Combine(folder, "texts.txt");
        File.WriteAllText(input, string.Concat(lines.Select(line => line + "\n")));
        return Run(["predict-prob", model, input, "-1"]).Split('\n')[..^1];
    }

    /// <summary>A line of labels and probabilities.</summary>
    public static Dictionary<string, double> Parse(string printed) =>
        printed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2)
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));

    private static string Run(string[] arguments)
    {
        var start = new ProcessStartInfo(Name, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

/// <summary>A test against fastText's program; skipped, with the reason, where it is not installed.</summary>
internal sealed class FastTextTheoryAttribute : TheoryAttribute
{
    public FastTextTheoryAttribute() =>
        Skip = FastTextProgram.IsInstalled ? null : "needs the program fasttext; on Debian: apt-get install fasttext.";
}
