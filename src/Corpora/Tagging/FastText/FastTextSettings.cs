namespace SlungOrleans.Corpora;

/// <summary>How a model makes probabilities of its output rows; the numbers are those of the file.</summary>
internal enum FastTextLoss
{
    /// <summary>A walk down a Huffman tree of the labels.</summary>
    HierarchicalSoftmax = 1,

    /// <summary>A sigmoid per label; trained with sampled negatives.</summary>
    NegativeSampling = 2,

    /// <summary>A softmax over the labels.</summary>
    Softmax = 3,

    /// <summary>A sigmoid per label.</summary>
    OneVersusAll = 4,
}

/// <summary>What a fastText model was trained with, as far as its probabilities depend on it.</summary>
/// <param name="Dimensions">Numbers per row of both matrices.</param>
/// <param name="WordNgrams">Most words that follow each other and have a row together.</param>
/// <param name="Loss">How probabilities are made.</param>
/// <param name="Buckets">Rows that runs of words and of characters are hashed to.</param>
/// <param name="ShortestRun">Least characters of a run of characters.</param>
/// <param name="LongestRun">Most characters of such a run; 0 for none.</param>
internal sealed record FastTextSettings(int Dimensions, int WordNgrams, FastTextLoss Loss, int Buckets, int ShortestRun, int LongestRun);
