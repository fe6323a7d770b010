using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// A linear classifier of texts on hashed words, pairs of words and runs of characters, with calibrated probabilities. It stands in for
/// fastText's bigram classifier, which the authors tag with. Safe to use from several threads.
/// </summary>
public sealed class HashedTextClassifier
{
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes($"slung-orleans text classifier {HashedFeatures.Version}\n");

    private readonly float[] _weights;
    private readonly double _bias;
    private readonly PlattScaling _calibration;

    internal HashedTextClassifier(float[] weights, double bias, PlattScaling calibration, TextClassifierQuality quality)
    {
        (_weights, _bias, _calibration, Quality) = (weights, bias, calibration, quality);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Serialise()));
    }

    /// <summary>How well it did on held-out texts when it was trained.</summary>
    public TextClassifierQuality Quality { get; }

    /// <summary>SHA-256 of everything that predictions depend on, lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Trains a classifier: logistic regression by AdaGrad (Duchi, Hazan, Singer, JMLR 2011), one text at a time, on four fifths of the
    /// texts; the remaining fifth calibrates its probabilities (Platt scaling) and measures its quality. The same input gives the same
    /// classifier.
    /// </summary>
    /// <param name="examples">Texts and whether they are high-risk, at least 10 of each.</param>
    /// <param name="settings">How to train; null for the defaults.</param>
    /// <param name="seed">The seed of the order of the texts and of what is held out.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <exception cref="CorpusFormatException">There are too few texts of a kind, or a setting is out of its range.</exception>
    public static HashedTextClassifier Train(
        IReadOnlyList<(string Text, bool HighRisk)> examples,
        TextClassifierSettings? settings = null,
        int seed = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new TextClassifierTraining(examples, settings ?? new TextClassifierSettings(), seed, cancellation).Run();
    }

    /// <summary>Reads a classifier that was saved.</summary>
    /// <param name="source">Where from; left open.</param>
    /// <exception cref="CorpusFormatException">It is not a classifier, is cut off or damaged.</exception>
    public static HashedTextClassifier Load(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var copy = new MemoryStream();
        source.CopyTo(copy);
        var bytes = copy.ToArray();
        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new CorpusFormatException("Text classifier: the file does not begin as one; expected one saved by this version.");
        }

        var content = bytes.AsSpan(0, Math.Max(Magic.Length, bytes.Length - SHA256.HashSizeInBytes));
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length)))
        {
            throw new CorpusFormatException("Text classifier: the file is cut off or damaged; its checksum does not match.");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, content.Length - Magic.Length));
        var quality = new TextClassifierQuality(
            reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        var calibration = new PlattScaling(reader.ReadDouble(), reader.ReadDouble());
        var bias = reader.ReadDouble();
        var weights = new float[reader.ReadInt32()];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = reader.ReadSingle();
        }

        return new HashedTextClassifier(weights, bias, calibration, quality);
    }

    /// <summary>The probability that a text is high-risk, 0 to 1.</summary>
    /// <param name="text">The text.</param>
    public double Predict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Predict(text.AsSpan());
    }

    /// <summary>The probability that a text is high-risk, 0 to 1.</summary>
    /// <param name="text">The text.</param>
    public double Predict(ReadOnlySpan<char> text) => _calibration.Probability(Score(text, _weights, _bias));

    /// <summary>Saves the classifier.</summary>
    /// <param name="destination">Where to; left open.</param>
    public void Save(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var content = Serialise();
        destination.Write(content);
        destination.Write(SHA256.HashData(content));
    }

    /// <summary>The score of a text: bias + sum of its words' weights / √words + sum of its characters' weights / √characters.</summary>
    internal static double Score(ReadOnlySpan<char> text, float[] weights, double bias)
    {
        var sums = new Sums(weights);
        HashedFeatures.Visit(text, int.Log2(weights.Length), ref sums);
        return bias + sums.Score;
    }

    private byte[] Serialise()
    {
        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content))
        {
            writer.Write(Magic);
            writer.Write(Quality.TrainingTexts);
            writer.Write(Quality.HeldOutTexts);
            writer.Write(Quality.Auroc);
            writer.Write(Quality.F1);
            writer.Write(Quality.CalibrationError);
            writer.Write(_calibration.A);
            writer.Write(_calibration.B);
            writer.Write(_bias);
            writer.Write(_weights.Length);
            foreach (var weight in _weights)
            {
                writer.Write(weight);
            }
        }

        return content.ToArray();
    }

    private struct Sums(float[] weights) : HashedFeatures.ISink
    {
        private double _words;
        private double _characters;
        private int _wordCount;
        private int _characterCount;

        public readonly double Score =>
            (_wordCount == 0 ? 0 : _words / Math.Sqrt(_wordCount)) + (_characterCount == 0 ? 0 : _characters / Math.Sqrt(_characterCount));

        public void AddWords(uint bucket)
        {
            _words += weights[bucket];
            _wordCount++;
        }

        public void AddCharacters(uint bucket)
        {
            _characters += weights[bucket];
            _characterCount++;
        }
    }
}
