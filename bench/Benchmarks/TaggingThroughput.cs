using System.Diagnostics;
using System.Globalization;
using SlungOrleans.Corpora;

namespace SlungOrleans.Benchmarks;

/// <summary>
/// fastText's own program and our taggers over the same lines, one thread each, in turns. Every one reads a file of lines and writes a file of
/// probabilities; the loading of models is not counted.
/// </summary>
internal static class TaggingThroughput
{
    private const int Rounds = 5;
    private const int MostTrainingTexts = 20_000;

    /// <summary><c>tagging-text FILE DOCUMENTS</c>: invented text in fastText's form, a label before every line.</summary>
    public static void WriteText(string path, int documents)
    {
        var corpus = new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.Recognition, Documents = documents });
        File.WriteAllLines(path, corpus.SelectMany(document => document.Text.Split('\n').Select(line => $"__label__{(document.HighRisk == true ? "risky" : "benign")} {line}")));
    }

    /// <summary><c>tagging LABELLED RISKY FOLDER MODEL…</c>: measures on labelled lines with models that fastText made.</summary>
    /// <param name="labelled">Lines of fastText's form, a label before every text.</param>
    /// <param name="risky">The label that our classifier learns to find.</param>
    /// <param name="folder">Where what is written goes.</param>
    /// <param name="models">fastText's models.</param>
    public static void Measure(string labelled, string risky, string folder, IEnumerable<string> models)
    {
        var examples = File.ReadLines(labelled).Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).ToList();
        var (text, empty) = (Path.Combine(folder, "text.txt"), Path.Combine(folder, "empty.txt"));
        File.WriteAllLines(text, examples.Select(parts => parts[1]));
        File.WriteAllText(empty, "");
        var (texts, megabytes) = (examples.Count, new FileInfo(text).Length / 1e6);
        Console.WriteLine(FormattableString.Invariant($"{texts} texts, {megabytes:F1} MB; the best of {Rounds} rounds in turns"));
        var classifier = HashedTextClassifier.Train([.. examples.Take(MostTrainingTexts).Select(parts => (parts[1], parts[0] == risky))]);
        foreach (var path in models)
        {
            Console.WriteLine(Path.GetFileName(path));
            var model = FastTextModel.Load(path);
            var (theirOutput, ourOutput) = (Path.Combine(folder, "theirs.txt"), Path.Combine(folder, "ours.txt"));
            double loading = double.MaxValue, theirs = double.MaxValue, ours = double.MaxValue, hashed = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                loading = Math.Min(loading, RunProgram(path, empty, theirOutput));
                theirs = Math.Min(theirs, RunProgram(path, text, theirOutput));
                ours = Math.Min(ours, Time(() => Predict(model, text, ourOutput)));
                hashed = Math.Min(hashed, Time(() => Predict(classifier, text, Path.Combine(folder, "classifier.txt"))));
            }

            theirs -= loading;
            Report("fasttext predict-prob", theirs);
            Report("FastTextModel", ours);
            Report("HashedTextClassifier", hashed);
            Console.WriteLine(FormattableString.Invariant($"  largest difference of probabilities: {LargestDifference(theirOutput, ourOutput):G3}"));

            void Report(string who, double seconds) => Console.WriteLine(FormattableString.Invariant(
                $"  {who,-22} {seconds:F3} s {texts / seconds,10:F0} texts/s {megabytes / seconds,7:F1} MB/s {theirs / seconds,6:F2} times fastText"));
        }
    }

    private static void Predict(FastTextModel model, string text, string output)
    {
        using var writer = new StreamWriter(output);
        var probabilities = new float[model.Labels.Count];
        foreach (var line in File.ReadLines(text))
        {
            model.Predict(line, probabilities);
            for (var i = 0; i < probabilities.Length; i++)
            {
                writer.Write(model.Labels[i]);
                writer.Write(' ');
                writer.Write(probabilities[i]);
                writer.Write(' ');
            }

            writer.Write('\n');
        }
    }

    private static void Predict(HashedTextClassifier classifier, string text, string output)
    {
        using var writer = new StreamWriter(output);
        foreach (var line in File.ReadLines(text))
        {
            writer.Write((float)classifier.Predict(line));
            writer.Write('\n');
        }
    }

    private static double RunProgram(string model, string text, string output) => Time(() =>
    {
        // The shell is replaced by the program, whose output goes to the file without passing through us.
        using var process = Process.Start("sh", ["-c", "exec fasttext predict-prob \"$0\" \"$1\" -1 > \"$2\"", model, text, output]);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"fasttext predict-prob ended with {process.ExitCode}.");
        }
    });

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double LargestDifference(string theirs, string ours) =>
        File.ReadLines(theirs).Zip(File.ReadLines(ours), (a, b) => Difference(Parse(a), Parse(b))).Max();

    private static double Difference(Dictionary<string, double> theirs, Dictionary<string, double> ours) =>
        ours.Max(prediction => Math.Abs(prediction.Value - theirs.GetValueOrDefault(prediction.Key)));

    private static Dictionary<string, double> Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
}
