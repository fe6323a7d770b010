namespace SlungOrleans.Training.TorchSharp;

/// <summary>Some sequences of a batch that are computed together, and which of their rows bear which loss.</summary>
internal sealed class BatchPart
{
    internal BatchPart(TokenBatch batch, int firstSequence, int sequences, LossRouting routing)
    {
        (Sequences, Length, AttendAcrossDocuments) = (sequences, batch.Length, batch.AttendAcrossDocuments);
        Tokens = batch.Tokens.Slice(firstSequence * Length, sequences * Length);
        Labels = batch.Labels.Slice(firstSequence * Length, sequences * Length);
        ReadOnlySpan<int> tokens = Tokens.Span;
        ReadOnlySpan<byte> labels = Labels.Span;
        for (int place = 1; place < tokens.Length; place++)
        {
            // The row before a token predicts it; the last row of a sequence predicts nothing.
            TargetRows? rows = place % Length == 0 ? null : routing[labels[place]] switch
            {
                LossKind.CrossEntropy => CrossEntropy,
                LossKind.Unlikelihood => Unlikelihood,
                _ => null,
            };
            rows?.Add(place - 1, tokens[place]);
        }
    }

    internal int Sequences { get; }

    internal int Length { get; }

    internal bool AttendAcrossDocuments { get; }

    internal ReadOnlyMemory<int> Tokens { get; }

    internal ReadOnlyMemory<byte> Labels { get; }

    internal TargetRows CrossEntropy { get; } = new();

    internal TargetRows Unlikelihood { get; } = new();
}
