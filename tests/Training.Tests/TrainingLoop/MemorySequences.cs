namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>Packed data in memory.</summary>
internal sealed record MemorySequences(int SequenceLength, int[] Tokens, byte[] Labels) : ITokenSequences
{
    public int Count => Tokens.Length / SequenceLength;

    public void Read(int index, Span<int> tokens, Span<byte> labels)
    {
        Tokens.AsSpan(index * SequenceLength, SequenceLength).CopyTo(tokens);
        Labels.AsSpan(index * SequenceLength, SequenceLength).CopyTo(labels);
    }
}
