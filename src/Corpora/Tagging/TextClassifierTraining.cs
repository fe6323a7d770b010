namespace SlungOrleans.Corpora;

/// <summary>One training of a <see cref="HashedTextClassifier"/>.</summary>
internal sealed class TextClassifierTraining
{
    private const int FewestOfAKind = 10;
    private const int HeldOutOneIn = 5;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<(string Text, bool HighRisk)> _examples;
    private readonly TextClassifierSettings _settings;
    private readonly CancellationToken _cancellation;
    private readonly RandomStream _random;
    private readonly float[] _weights;
    private readonly float[] _squares;
    private double _bias;
    private double _biasSquares;

    public TextClassifierTraining(
        IReadOnlyList<(string Text, bool HighRisk)> examples, TextClassifierSettings settings, int seed, CancellationToken cancellation)
    {
        Check(settings.BucketBits is >= 8 and <= 24, "BucketBits", settings.BucketBits, "8 to 24");
        Check(settings.Epochs is >= 1 and <= 100, "Epochs", settings.Epochs, "1 to 100");
        Check(settings.LearningRate is > 0 and < double.PositiveInfinity, "LearningRate", settings.LearningRate, "a number above 0");
        Check(settings.Regularisation is >= 0 and < double.PositiveInfinity, "Regularisation", settings.Regularisation, "at least 0");
        var highRisk = examples.Count(e => e.HighRisk);
        Check(highRisk >= FewestOfAKind, "high-risk texts", highRisk, $"at least {FewestOfAKind}");
        Check(examples.Count - highRisk >= FewestOfAKind, "benign texts", examples.Count - highRisk, $"at least {FewestOfAKind}");
        (_examples, _settings, _cancellation) = (examples, settings, cancellation);
        _random = new RandomStream(seed);
        _weights = new float[1 << settings.BucketBits];
        _squares = new float[_weights.Length];
    }

    public HashedTextClassifier Run()
    {
        var (training, heldOut) = Divide();
        var features = new Features();
        for (var epoch = 0; epoch < _settings.Epochs; epoch++)
        {
            Shuffle(training);
            foreach (var index in training)
            {
                _cancellation.ThrowIfCancellationRequested();
                Learn(_examples[index].Text, _examples[index].HighRisk, ref features);
            }
        }

        var scores = Array.ConvertAll(heldOut, index => HashedTextClassifier.Score(_examples[index].Text, _weights, _bias));
        var labels = Array.ConvertAll(heldOut, index => _examples[index].HighRisk);
        var calibration = PlattScaling.Fit(scores, labels);
        var quality = new TextClassifierQuality(
            training.Length,
            heldOut.Length,
            BinaryQuality.Auroc(scores, labels),
            BinaryQuality.F1(Array.ConvertAll(scores, calibration.Probability), labels),
            BinaryQuality.CalibrationError(CrossCalibrate(scores, labels), labels));
        return new HashedTextClassifier(_weights, _bias, calibration, quality);
    }

    /// <summary>A fifth of the texts of each kind is held out.</summary>
    private (int[] Training, int[] HeldOut) Divide()
    {
        var training = new List<int>();
        var heldOut = new List<int>();
        foreach (var kind in new[] { true, false })
        {
            var ofKind = Enumerable.Range(0, _examples.Count).Where(i => _examples[i].HighRisk == kind).ToArray();
            Shuffle(ofKind);
            var held = ofKind.Length / HeldOutOneIn;
            heldOut.AddRange(ofKind[..held]);
            training.AddRange(ofKind[held..]);
        }

        return ([.. training], [.. heldOut]);
    }

    private void Shuffle(int[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = _random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private void Learn(string text, bool highRisk, ref Features features)
    {
        features.Clear();
        HashedFeatures.Visit(text, _settings.BucketBits, ref features);
        var (wordScale, characterScale) = (Scale(features.Words), Scale(features.Characters));
        var score = _bias + (Sum(features.Words) * wordScale) + (Sum(features.Characters) * characterScale);
        var error = new PlattScaling(-1, 0).Probability(score) - (highRisk ? 1 : 0);
        Step(features.Words, error * wordScale);
        Step(features.Characters, error * characterScale);
        _biasSquares += error * error;
        _bias -= _settings.LearningRate * error / Math.Sqrt(_biasSquares + Epsilon);
    }

    private double Sum(List<uint> buckets)
    {
        var sum = 0.0;
        foreach (var bucket in buckets)
        {
            sum += _weights[bucket];
        }

        return sum;
    }

    private void Step(List<uint> buckets, double gradient)
    {
        foreach (var bucket in buckets)
        {
            var g = gradient + (_settings.Regularisation * _weights[bucket]);
            _squares[bucket] += (float)(g * g);
            _weights[bucket] -= (float)(_settings.LearningRate * g / Math.Sqrt(_squares[bucket] + Epsilon));
        }
    }

    /// <summary>Each half (the texts at even and at odd places) with the probabilities that the other half calibrates.</summary>
    private static double[] CrossCalibrate(double[] scores, bool[] labels)
    {
        var probabilities = new double[scores.Length];
        for (var half = 0; half < 2; half++)
        {
            var others = Enumerable.Range(0, scores.Length).Where(i => i % 2 != half).ToArray();
            var calibration = PlattScaling.Fit(Array.ConvertAll(others, i => scores[i]), Array.ConvertAll(others, i => labels[i]));
            for (var i = half; i < scores.Length; i += 2)
            {
                probabilities[i] = calibration.Probability(scores[i]);
            }
        }

        return probabilities;
    }

    private static double Scale(List<uint> buckets) => buckets.Count == 0 ? 0 : 1 / Math.Sqrt(buckets.Count);

    private static void Check(bool holds, string what, double found, string expected)
    {
        if (!holds)
        {
            throw new CorpusFormatException(FormattableString.Invariant($"Text classifier: {what}: {found}; expected {expected}."));
        }
    }

    private readonly struct Features() : HashedFeatures.ISink
    {
        public List<uint> Words { get; } = [];

        public List<uint> Characters { get; } = [];

        public void Clear()
        {
            Words.Clear();
            Characters.Clear();
        }

        public void AddWords(uint bucket) => Words.Add(bucket);

        public void AddCharacters(uint bucket) => Characters.Add(bucket);
    }
}
