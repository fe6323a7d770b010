using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// A supervised model of fastText (Joulin et al.: Bag of tricks for efficient text classification, EACL 2017), read from the <c>.bin</c> file
/// that the program writes. Gives the probabilities that <c>fasttext predict-prob</c> gives. Safe to use from several threads.
/// </summary>
/// <remarks>
/// As there: a text is one line (line feeds within it count as spaces), a word <c>&lt;/s&gt;</c> ends it, words that begin with
/// <c>__label__</c> are left out, and probabilities are 1e-5 greater than the model's, so that a certain label has 1.00001.
/// </remarks>
public sealed class FastTextModel
{
    private const int Magic = 793712314;
    private const int Version = 12;
    private const int Supervised = 3;
    private const int LongestWordNgram = 100;
    private const int LongestCharacterNgram = 100;

    [ThreadStatic]
    private static FastTextScratch? _scratch;

    private readonly FastTextSettings _settings;
    private readonly FastTextFeatures _features;
    private readonly FastTextOutput _output;
    private readonly float[] _input;

    private FastTextModel(FastTextFile file)
    {
        _settings = ReadSettings(file);
        var words = FastTextWords.Read(file);
        CheckIsWhole(file, "the input matrix");
        _input = file.ReadMatrix("the input matrix", (long)words.Words + _settings.Buckets, _settings.Dimensions);
        CheckIsWhole(file, "the output matrix");
        var output = file.ReadMatrix("the output matrix", words.LabelCounts.Length, _settings.Dimensions);
        file.CheckEnd();
        var tree = _settings.Loss == FastTextLoss.HierarchicalSoftmax ? FastTextTree.Of(words.LabelCounts) : null;
        file.Check(_settings.Loss != FastTextLoss.HierarchicalSoftmax || tree is not null, $"the labels were seen 1e15 times or more; expected fewer.");
        _features = new FastTextFeatures(_settings, words);
        _output = new FastTextOutput(_settings, output, tree);
        Labels = [.. Enumerable.Range(words.Words, words.LabelCounts.Length).Select(id => Encoding.UTF8.GetString(words[id]))];
    }

    /// <summary>The labels, as the file has them (with their <c>__label__</c>), the most frequent first.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>.bin</c> file: format 12, supervised, not quantised, any loss.</param>
    /// <exception cref="CorpusFormatException">There is no such file, or it is not such a model, is cut off or damaged.</exception>
    public static FastTextModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new CorpusFormatException($"{path}: there is no such file; expected a model of fastText.");
        }

        using var file = File.OpenRead(path);
        return Load(file, path);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="file">The file, seekable; left open.</param>
    /// <param name="name">Its name, for error messages.</param>
    /// <exception cref="CorpusFormatException">It is not such a model, is cut off or damaged.</exception>
    internal static FastTextModel Load(Stream file, string name)
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = 0;
        return new FastTextModel(new FastTextFile(file, name)) { Fingerprint = fingerprint };
    }

    /// <summary>The probabilities of the labels of a text, the greatest first; without those that fastText lists none for.</summary>
    /// <param name="text">The text.</param>
    public IReadOnlyList<(string Label, double Probability)> Predict(ReadOnlySpan<char> text)
    {
        Span<float> probabilities = Labels.Count <= 256 ? stackalloc float[Labels.Count] : new float[Labels.Count];
        Predict(text, probabilities);
        var predictions = new List<(string, double)>();
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0)
            {
                predictions.Add((Labels[i], probabilities[i]));
            }
        }

        return [.. predictions.OrderByDescending(prediction => prediction.Item2)];
    }

    /// <summary>The probabilities of the labels of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="probabilities">
    /// Where to: as many as <see cref="Labels"/>, in their order, from 0 to 1.00001; 0 for a label that fastText lists none for (all of them if
    /// the model knows nothing of the text, those below 1e-5 of a hierarchical softmax).
    /// </param>
    public void Predict(ReadOnlySpan<char> text, Span<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(probabilities.Length, Labels.Count);
        var scratch = _scratch ??= new FastTextScratch();
        _features.Collect(text, scratch);
        if (scratch.Rows.Items.IsEmpty)
        {
            probabilities.Clear();
            return;
        }

        var hidden = scratch.Hidden(_settings.Dimensions);
        FastTextSums.Mean(_input, scratch.Rows.Items, hidden);
        _output.Predict(hidden, scratch, probabilities);
    }

    private static FastTextSettings ReadSettings(FastTextFile file)
    {
        var magic = file.Int32("the first number");
        file.Check(magic == Magic, $"the file begins with {magic}; expected a model of fastText ({Magic}).");
        var version = file.Int32("the format version");
        file.Check(version == Version, $"its format version is {version}; expected {Version}.");
        var dimensions = file.Int32("dim", 1, int.MaxValue);
        // The size of the window, the epochs, the least count and the negatives are of the training alone.
        foreach (var field in (string[])["ws", "epoch", "minCount", "neg"])
        {
            file.Int32(field);
        }

        var wordNgrams = file.Int32("wordNgrams", 0, LongestWordNgram);
        var loss = file.Int32("loss", (int)FastTextLoss.HierarchicalSoftmax, (int)FastTextLoss.OneVersusAll);
        var kind = file.Int32("model");
        file.Check(kind == Supervised, $"its model is of kind {kind}; expected a supervised one ({Supervised}).");
        var buckets = file.Int32("bucket", 0, int.MaxValue);
        var shortest = file.Int32("minn", 0, int.MaxValue);
        var longest = file.Int32("maxn", 0, LongestCharacterNgram);
        file.Check(buckets > 0 || (wordNgrams < 2 && longest == 0), $"bucket is 0, wordNgrams {wordNgrams} and maxn {longest}; expected buckets for the runs.");
        file.Int32("lrUpdateRate");
        file.Int64("t");
        return new FastTextSettings(dimensions, wordNgrams, (FastTextLoss)loss, buckets, shortest, longest);
    }

    private static void CheckIsWhole(FastTextFile file, string matrix)
    {
        var quantised = file.Byte($"the mark before {matrix}");
        file.Check(quantised is 0 or 1, $"the mark before {matrix} is {quantised}; expected 0 or 1.");
        file.Check(quantised == 0, $"{matrix} is quantised; expected a model that is not (a .bin rather than an .ftz file).");
    }
}
