namespace SlungOrleans.Corpora;

/// <summary>
/// Probabilities from scores: p = 1 / (1 + exp(A·score + B)). Platt: Probabilistic outputs for support vector machines, 1999; fitted as in
/// Lin, Lin, Weng: A note on Platt's probabilistic outputs for support vector machines, Machine Learning 68, 2007.
/// </summary>
internal readonly record struct PlattScaling(double A, double B)
{
    private const int MostIterations = 100;
    private const double SmallestStep = 1e-10;
    private const double Ridge = 1e-12;

    public double Probability(double score)
    {
        var x = (A * score) + B;
        return x >= 0 ? Math.Exp(-x) / (1 + Math.Exp(-x)) : 1 / (1 + Math.Exp(x));
    }

    public static PlattScaling Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var positives = labels.Count(true);
        var negatives = labels.Length - positives;
        // Targets short of 0 and 1, so that scores that part the classes do not make the slope infinite.
        var (high, low) = ((positives + 1.0) / (positives + 2), 1.0 / (negatives + 2));
        var fit = new PlattScaling(0, Math.Log((negatives + 1.0) / (positives + 1)));
        var loss = fit.Loss(scores, labels, high, low);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var (gradientA, gradientB, h11, h22, h21) = (0.0, 0.0, Ridge, Ridge, 0.0);
            for (var i = 0; i < scores.Length; i++)
            {
                var p = fit.Probability(scores[i]);
                var (difference, curvature) = ((labels[i] ? high : low) - p, p * (1 - p));
                gradientA += scores[i] * difference;
                gradientB += difference;
                h11 += scores[i] * scores[i] * curvature;
                h22 += curvature;
                h21 += scores[i] * curvature;
            }

            if (Math.Abs(gradientA) < 1e-5 && Math.Abs(gradientB) < 1e-5)
            {
                break;
            }

            var determinant = (h11 * h22) - (h21 * h21);
            var stepA = -((h22 * gradientA) - (h21 * gradientB)) / determinant;
            var stepB = -((h11 * gradientB) - (h21 * gradientA)) / determinant;
            var slope = (gradientA * stepA) + (gradientB * stepB);
            var size = 1.0;
            for (; size >= SmallestStep; size /= 2)
            {
                var next = new PlattScaling(fit.A + (size * stepA), fit.B + (size * stepB));
                var nextLoss = next.Loss(scores, labels, high, low);
                if (nextLoss < loss + (1e-4 * size * slope))
                {
                    (fit, loss) = (next, nextLoss);
                    break;
                }
            }

            if (size < SmallestStep)
            {
                break;
            }
        }

        return fit;
    }

    private double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double high, double low)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var (x, target) = ((A * scores[i]) + B, labels[i] ? high : low);
            sum += x >= 0 ? (target * x) + Math.Log(1 + Math.Exp(-x)) : ((target - 1) * x) + Math.Log(1 + Math.Exp(x));
        }

        return sum;
    }
}
