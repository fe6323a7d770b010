using System.Numerics;

namespace SlungOrleans.Corpora;

/// <summary>Makes probabilities of a text's mean row. As in fastText, each is too great by 1e-5, and those of sigmoids come from a table.</summary>
internal sealed class FastTextOutput
{
    private const double SmallestProbability = 1e-5;
    private const int SigmoidSteps = 512;
    private const int GreatestScore = 8;

    private static readonly float[] Sigmoids = MakeSigmoids();

    private readonly FastTextLoss _loss;
    private readonly float[] _columns;
    private readonly int _stride;
    private readonly FastTextTree? _tree;

    /// <param name="settings">The model's settings.</param>
    /// <param name="matrix">A row per label.</param>
    /// <param name="tree">The tree of the labels, for a hierarchical softmax.</param>
    public FastTextOutput(FastTextSettings settings, float[] matrix, FastTextTree? tree)
    {
        (_loss, _tree) = (settings.Loss, tree);
        Labels = matrix.Length / settings.Dimensions;
        _stride = (Labels + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        if ((long)_stride * settings.Dimensions > Array.MaxLength)
        {
            throw new CorpusFormatException(FormattableString.Invariant(
                $"fastText model: {Labels} labels of {settings.Dimensions} numbers each; expected at most {Array.MaxLength} numbers."));
        }

        _columns = new float[_stride * settings.Dimensions];
        for (var i = 0; i < matrix.Length; i++)
        {
            _columns[(i % settings.Dimensions * _stride) + (i / settings.Dimensions)] = matrix[i];
        }
    }

    public int Labels { get; }

    /// <summary>The probability of every label; 0 where fastText lists none.</summary>
    public void Predict(ReadOnlySpan<float> hidden, FastTextScratch scratch, Span<float> probabilities)
    {
        var scores = scratch.Scores(_stride);
        FastTextSums.Multiply(_columns, hidden, scores);
        scores = scores[..Labels];
        foreach (var score in scores)
        {
            if (float.IsNaN(score))
            {
                throw new CorpusFormatException("fastText model: its numbers are too great to be added up.");
            }
        }

        switch (_loss)
        {
            case FastTextLoss.HierarchicalSoftmax:
                _tree!.Predict(scores, scratch, probabilities);
                break;
            case FastTextLoss.Softmax:
                Softmax(scores, probabilities);
                break;
            default:
                for (var i = 0; i < scores.Length; i++)
                {
                    probabilities[i] = MathF.Exp(Log(Sigmoid(scores[i])));
                }

                break;
        }
    }

    /// <summary>fastText's logarithm: never below that of 1e-5.</summary>
    public static float Log(float probability) => (float)Math.Log(probability + SmallestProbability);

    private static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        var greatest = scores[0];
        foreach (var score in scores)
        {
            greatest = Math.Max(greatest, score);
        }

        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = MathF.Exp(scores[i] - greatest);
            sum += probabilities[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = MathF.Exp(Log(probabilities[i] / sum));
        }
    }

    private static float Sigmoid(float score) => score switch
    {
        < -GreatestScore => 0,
        > GreatestScore => 1,
        _ => Sigmoids[(int)((score + GreatestScore) * SigmoidSteps / GreatestScore / 2)],
    };

    private static float[] MakeSigmoids()
    {
        var values = new float[SigmoidSteps + 1];
        for (var i = 0; i < values.Length; i++)
        {
            var score = ((float)(i * 2 * GreatestScore) / SigmoidSteps) - GreatestScore;
            values[i] = (float)(1 / (1.0 + MathF.Exp(-score)));
        }

        return values;
    }
}
