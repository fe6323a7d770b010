namespace SlungOrleans.Training.TorchSharp;

/// <summary>Some sequences of a batch that are computed together, and which of their rows bear which loss.</summary>
internal sealed class BatchPart
{
    /// <param name="batch">The batch.</param>
    /// <param name="firstSequence">The first of its sequences.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="routing">Which loss falls on which label.</param>
    /// <param name="indices">Receives what the device needs to know.</param>
    internal BatchPart(TokenBatch batch, int firstSequence, int sequences, LossRouting routing, IndexUpload indices)
    {
        (Sequences, Length) = (sequences, batch.Length);
        Tokens = batch.Tokens.Slice(firstSequence * Length, sequences * Length);
        ReadOnlySpan<int> tokens = Tokens.Span;
        ReadOnlySpan<byte> labels = batch.Labels.Span.Slice(firstSequence * Length, sequences * Length);
        TargetRows crossEntropy = new(), unlikelihood = new();
        for (int place = 1; place < tokens.Length; place++)
        {
            // The row before a token predicts it; the last row of a sequence predicts nothing.
            TargetRows? rows = place % Length == 0 ? null : routing[labels[place]] switch
            {
                LossKind.CrossEntropy => crossEntropy,
                LossKind.Unlikelihood => unlikelihood,
                _ => null,
            };
            rows?.Add(place - 1, tokens[place]);
        }

        TokenRange = indices.Add(tokens);
        DocumentRange = batch.AttendAcrossDocuments ? null : indices.Add(DocumentsOf(labels));
        CrossEntropy = crossEntropy.AddTo(indices);
        Unlikelihood = unlikelihood.AddTo(indices);
    }

    internal int Sequences { get; }

    internal int Length { get; }

    internal ReadOnlyMemory<int> Tokens { get; }

    /// <summary>Where the tokens are on the device.</summary>
    internal IndexRange TokenRange { get; }

    /// <summary>Where the number of each token's document is; null where tokens see other documents.</summary>
    internal IndexRange? DocumentRange { get; }

    internal TargetRange CrossEntropy { get; }

    internal TargetRange Unlikelihood { get; }

    /// <summary>How many ends of text (label 0) are before each token.</summary>
    private static int[] DocumentsOf(ReadOnlySpan<byte> labels)
    {
        int[] documents = new int[labels.Length];
        for (int place = 1; place < documents.Length; place++)
        {
            documents[place] = documents[place - 1] + (labels[place - 1] == 0 ? 1 : 0);
        }

        return documents;
    }
}
