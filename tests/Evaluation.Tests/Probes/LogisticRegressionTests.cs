namespace SlungOrleans.Evaluation.Tests;

public sealed class LogisticRegressionTests
{
    // scikit-learn 1.2.1: LogisticRegression(class_weight="balanced", solver="newton-cholesky", tol=1e-14) on the same 60 items.
    [Theory]
    [InlineData(1.0, -0.44255201521770254, new[] { 1.2467303836863979, -0.15385165734402778, -0.10861431974399159, 0.7083521652529859, -0.04096668338793108, 0.01148465786428212, 0.047673958519488586 })]
    [InlineData(0.01, -0.1170238559473657, new[] { 0.04824451479169198, -0.02011520549612966, -0.021061802150866955, 0.25507366246159413, -0.00194177156140479, 0.009514048249836564, -0.0032010961294796306 })]
    public void Fit_SixtyItems_EqualsScikitLearn(double inverseRegularisation, double intercept, double[] weights)
    {
        (double[][] features, bool[] labels) = Items(60, 7);
        Assert.Equal(24, labels.Count(label => label));

        LogisticRegression fit = LogisticRegression.Fit(features, labels, inverseRegularisation);

        Assert.Equal(intercept, fit.Intercept, 8);
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.Equal(weights[i], fit.Weights[i], 8);
        }
    }

    [Theory]
    [InlineData(40, 12, 1.0, 1.0)]
    [InlineData(40, 12, 1.0, 300.0)]
    [InlineData(30, 90, 1.0, 1.0)]
    [InlineData(50, 5, 1e4, 1.0)]
    [InlineData(50, 5, 1e-4, 20.0)]
    public void Fit_AnyShape_EndsWhereTheGradientIsZero(int n, int d, double inverseRegularisation, double scale)
    {
        (double[][] features, bool[] labels) = Items(n, d);
        features = [.. features.Select(row => row.Select(value => value * scale).ToArray())];

        LogisticRegression fit = LogisticRegression.Fit(features, labels, inverseRegularisation);

        double[] gradient = [.. fit.Weights.ToArray(), 0];
        double size = 1;
        for (int i = 0; i < n; i++)
        {
            double weight = inverseRegularisation * n / (2.0 * labels.Count(label => label == labels[i]));
            double error = weight * ((1 / (1 + Math.Exp(-fit.LogOdds(features[i])))) - (labels[i] ? 1 : 0));
            for (int j = 0; j < d; j++)
            {
                gradient[j] += error * features[i][j];
                size = Math.Max(size, weight * Math.Abs(features[i][j]));
            }

            gradient[d] += error;
        }

        Assert.All(gradient, value => Assert.InRange(value, -1e-9 * size, 1e-9 * size));
    }

    [Fact]
    public void Fit_SeparableItems_StaysFinite()
    {
        LogisticRegression fit = LogisticRegression.Fit([[-1000], [-900], [900], [1000]], [false, false, true, true]);

        Assert.True(double.IsFinite(fit.Weights[0]) && fit.Weights[0] > 0);
        Assert.True(fit.LogOdds([900]) > 0 && fit.LogOdds([-900]) < 0);
    }

    [Fact]
    public void Fit_EqualInput_GivesEqualBits()
    {
        (double[][] features, bool[] labels) = Items(50, 30);

        Assert.Equal(LogisticRegression.Fit(features, labels).Weights.ToArray(), LogisticRegression.Fit(features, labels).Weights.ToArray());
    }

    [Fact]
    public void Fit_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([[1], [2]], [true, true]));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([[1], [double.NaN]], [true, false]));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([[1], [1, 2]], [true, false]));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([[1], [2]], [true, false], 0));
    }

    private static (double[][] Features, bool[] Labels) Items(int n, int d)
    {
        double[][] features =
            [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, d).Select(j => Math.Sin(1 + (i * 0.7) + (j * 1.3) + (i * j * 0.11)) * (1 + j)).ToArray())];
        return (features, [.. features.Select((row, i) => row[0] + (0.3 * row[3]) + Math.Sin(i * 2.1) > 0.4)]);
    }
}
