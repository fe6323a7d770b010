namespace SlungOrleans.Corpora;

/// <summary>
/// The Huffman tree of a hierarchical softmax (Morin, Bengio: Hierarchical probabilistic neural network language model, AISTATS 2005), made of
/// how often the labels were seen. The labels are the first nodes; every node below another one stands before it.
/// </summary>
internal sealed class FastTextTree
{
    /// <summary>The count of a node that is not made yet: more than any label's.</summary>
    private const long Unmade = 1_000_000_000_000_000;

    private readonly (int Left, int Right)[] _children;
    private readonly int _labels;

    private FastTextTree(int labels, (int Left, int Right)[] children) => (_labels, _children) = (labels, children);

    /// <summary>The tree of some labels, or null if they were seen too often for there to be one.</summary>
    /// <param name="labelCounts">How often; the most frequent first in files of fastText.</param>
    public static FastTextTree? Of(long[] labelCounts)
    {
        var total = 0L;
        foreach (var count in labelCounts)
        {
            total += Math.Min(count, Unmade - total);
        }

        if (total >= Unmade)
        {
            return null;
        }

        var labels = labelCounts.Length;
        var counts = new long[(2 * labels) - 1];
        labelCounts.CopyTo(counts, 0);
        counts.AsSpan(labels).Fill(Unmade);
        var children = new (int, int)[labels - 1];
        var (leaf, node) = (labels - 1, labels);
        for (var made = labels; made < counts.Length; made++)
        {
            var (left, right) = (Rarest(), Rarest());
            children[made - labels] = (left, right);
            counts[made] = counts[left] + counts[right];
        }

        return new FastTextTree(labels, children);

        int Rarest() => leaf >= 0 && counts[leaf] < counts[node] ? leaf-- : node++;
    }

    /// <summary>The labels' probabilities of the scores of the inner nodes; 0 where fastText lists none.</summary>
    public void Predict(ReadOnlySpan<float> scores, FastTextScratch scratch, Span<float> probabilities)
    {
        var least = FastTextOutput.Log(0);
        var logarithms = scratch.Tree(_labels + _children.Length);
        logarithms[^1] = 0;
        for (var i = _children.Length - 1; i >= 0; i--)
        {
            var (left, right) = _children[i];
            var above = logarithms[_labels + i];
            if (above < least)
            {
                // fastText goes no further down here.
                (logarithms[left], logarithms[right]) = (float.NegativeInfinity, float.NegativeInfinity);
                continue;
            }

            var goesRight = (float)(1 / (1.0 + MathF.Exp(-scores[i])));
            logarithms[left] = above + FastTextOutput.Log((float)(1.0 - goesRight));
            logarithms[right] = above + FastTextOutput.Log(goesRight);
        }

        for (var label = 0; label < _labels; label++)
        {
            probabilities[label] = logarithms[label] < least ? 0 : MathF.Exp(logarithms[label]);
        }
    }
}
