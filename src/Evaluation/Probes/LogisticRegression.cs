namespace SlungOrleans.Evaluation;

/// <summary>
/// Binary logistic regression with an L2 penalty, as scikit-learn's <c>LogisticRegression(C, class_weight="balanced")</c>: the minimum of
/// C·Σ sᵢ·log(1 + exp(-yᵢ(w·xᵢ + b))) + ½‖w‖², y = ±1, sᵢ = n / (2·number of items of i's class), no penalty on b. Found by Newton's method
/// in double precision to the rounding error of the gradient, so that equal input gives equal bits.
/// </summary>
public sealed class LogisticRegression
{
    private const int MostSteps = 200;

    private readonly double[] _weights;

    private LogisticRegression(double[] weights, double intercept)
    {
        _weights = weights;
        Intercept = intercept;
    }

    /// <summary>The weights w.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The intercept b.</summary>
    public double Intercept { get; }

    /// <summary>Fits a regression.</summary>
    /// <param name="features">For each item its features; finite, equally many, at least one item of either class.</param>
    /// <param name="positive">For each item its class.</param>
    /// <param name="inverseRegularisation">C, above 0.</param>
    /// <exception cref="ArgumentException">The input is not as described.</exception>
    /// <exception cref="EvaluationException">Newton's method did not converge.</exception>
    public static LogisticRegression Fit(IReadOnlyList<double[]> features, IReadOnlyList<bool> positive, double inverseRegularisation = 1)
    {
        int positives = positive.Count(label => label);
        if (features.Count != positive.Count || positives == 0 || positives == positive.Count)
        {
            throw new ArgumentException(
                $"A probe needs features and labels for as many items, and items of both classes; found {features.Count} features and {positive.Count} labels, {positives} of them positive.");
        }

        if (!(inverseRegularisation > 0) || features.Any(row => row.Length != features[0].Length || !row.All(double.IsFinite)))
        {
            throw new ArgumentException("A probe needs finite features, as many for each item, and C above 0.");
        }

        double negativeWeight = inverseRegularisation * positive.Count / (2.0 * (positive.Count - positives));
        double positiveWeight = inverseRegularisation * positive.Count / (2.0 * positives);
        var problem = new Problem(features, [.. positive], [.. positive.Select(label => label ? positiveWeight : negativeWeight)]);
        double[] solution = problem.Minimise();
        return new LogisticRegression(solution[..^1], solution[^1]);
    }

    /// <summary>log p / (1 - p) of an item being positive.</summary>
    /// <param name="features">Its features.</param>
    public double LogOdds(ReadOnlySpan<double> features) => Dot(_weights, features) + Intercept;

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    // The intercept is the last parameter, with a feature that is always 1.
    private sealed class Problem(IReadOnlyList<double[]> features, bool[] positive, double[] itemWeights)
    {
        private readonly double[][] _items = [.. features.Select(row => (double[])[.. row, 1])];
        private readonly int _size = features[0].Length + 1;

        public double[] Minimise()
        {
            var parameters = new double[_size];
            double tolerance = 1e-11 * Math.Max(1, _items.Zip(itemWeights, (item, weight) => weight * item.Max(Math.Abs)).Sum());
            double loss = Loss(parameters);
            for (int step = 0; step < MostSteps; step++)
            {
                double[] gradient = Gradient(parameters);
                if (gradient.Max(Math.Abs) <= tolerance)
                {
                    return parameters;
                }

                double[] direction = [.. gradient];
                Cholesky.Solve(Hessian(parameters), direction);
                double slope = Dot(gradient, direction);
                double length = 1;
                (double[] next, double nextLoss) = Move(parameters, direction, length);

                // Near the minimum the loss can only be compared up to rounding.
                while (nextLoss > loss - (1e-4 * length * slope) + (1e-13 * Math.Abs(loss)) && length > 1e-12)
                {
                    length /= 2;
                    (next, nextLoss) = Move(parameters, direction, length);
                }

                (parameters, loss) = (next, nextLoss);
            }

            throw new EvaluationException($"The probe's logistic regression did not converge in {MostSteps} Newton steps.");
        }

        private (double[] Parameters, double Loss) Move(double[] from, double[] direction, double length)
        {
            double[] parameters = [.. from.Zip(direction, (value, change) => value - (length * change))];
            return (parameters, Loss(parameters));
        }

        private double Loss(double[] parameters)
        {
            double sum = 0;
            for (int i = 0; i < _items.Length; i++)
            {
                double margin = positive[i] ? Dot(parameters, _items[i]) : -Dot(parameters, _items[i]);
                sum += itemWeights[i] * (Math.Max(0, -margin) + double.LogP1(Math.Exp(-Math.Abs(margin))));
            }

            ReadOnlySpan<double> weights = parameters.AsSpan(0, _size - 1);
            return sum + (0.5 * Dot(weights, weights));
        }

        private double[] Gradient(double[] parameters)
        {
            double[] gradient = [.. parameters];
            gradient[^1] = 0;
            for (int i = 0; i < _items.Length; i++)
            {
                double probability = 1 / (1 + Math.Exp(-Dot(parameters, _items[i])));
                Cholesky.AddScaled(gradient, itemWeights[i] * (probability - (positive[i] ? 1 : 0)), _items[i]);
            }

            return gradient;
        }

        private double[] Hessian(double[] parameters)
        {
            // Column after column, the lower half.
            var hessian = new double[_size * _size];
            for (int i = 0; i < _items.Length; i++)
            {
                double odds = Math.Exp(-Math.Abs(Dot(parameters, _items[i])));
                double curvature = itemWeights[i] * odds / ((1 + odds) * (1 + odds));
                double[] item = _items[i];
                for (int column = 0; column < _size; column++)
                {
                    Cholesky.AddScaled(hessian.AsSpan((column * _size) + column, _size - column), curvature * item[column], item.AsSpan(column));
                }
            }

            // The intercept bears no penalty: its ridge is far below rounding and only keeps the matrix positive definite.
            for (int column = 0; column < _size; column++)
            {
                hessian[(column * _size) + column] += column < _size - 1 ? 1 : 1e-12;
            }

            return hessian;
        }
    }
}
