namespace SlungOrleans.Corpora;

/// <summary>What a reading has met so far.</summary>
public sealed class ReadCounts
{
    /// <summary>Documents given out.</summary>
    public int Documents { get; internal set; }

    /// <summary>Records left out because their text is empty or white space, after cleaning.</summary>
    public int Skipped { get; internal set; }

    /// <summary>Documents labelled high-risk.</summary>
    public int HighRisk { get; internal set; }

    /// <summary>Documents labelled benign.</summary>
    public int Benign { get; internal set; }
}
