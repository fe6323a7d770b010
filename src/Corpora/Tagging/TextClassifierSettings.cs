namespace SlungOrleans.Corpora;

/// <summary>How a text classifier is trained. The defaults are made for some ten thousand short texts.</summary>
public sealed record TextClassifierSettings
{
    /// <summary>The base-two logarithm of the number of buckets that features are hashed to, 8 to 24. Default: 18.</summary>
    public int BucketBits { get; init; } = 18;

    /// <summary>Times that every text is learned from, 1 to 100. Default: 5.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>AdaGrad's step size, above 0. Default: 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The weight of the squared weights in the loss, 0 or more. Default: 1e-5.</summary>
    public double Regularisation { get; init; } = 1e-5;
}

/// <summary>How well a classifier does on the fifth of its texts that it did not learn from.</summary>
/// <param name="TrainingTexts">Texts that it learned from.</param>
/// <param name="HeldOutTexts">Texts that it did not learn from.</param>
/// <param name="Auroc">
/// Area under the ROC curve: the probability that a high-risk text is scored above a benign one, ties counting half.
/// </param>
/// <param name="F1">F1 of the high-risk class at a probability of 0.5.</param>
/// <param name="CalibrationError">
/// Expected calibration error in 15 equal bins (Guo et al., On calibration of modern neural networks, ICML 2017), each half of the held-out
/// texts scored with probabilities that were calibrated on the other half.
/// </param>
public sealed record TextClassifierQuality(int TrainingTexts, int HeldOutTexts, double Auroc, double F1, double CalibrationError);
