namespace SlungOrleans.Training;

/// <summary>Packed training data: sequences of equal length, a label for every token. Safe to read from several threads.</summary>
public interface ITokenSequences
{
    /// <summary>How many sequences.</summary>
    int Count { get; }

    /// <summary>Tokens in each.</summary>
    int SequenceLength { get; }

    /// <summary>Copies a sequence.</summary>
    /// <param name="index">The sequence, 0 to <see cref="Count"/> - 1.</param>
    /// <param name="tokens">Receives the token ids; <see cref="SequenceLength"/> long.</param>
    /// <param name="labels">Receives the labels (0 to 3); as long.</param>
    void Read(int index, Span<int> tokens, Span<byte> labels);
}
