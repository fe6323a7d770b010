namespace SlungOrleans.Training;

/// <summary>Reads a step's batch, in the order of the data, into buffers that are used again for the next.</summary>
internal sealed class BatchReader
{
    private readonly ITokenSequences _data;
    private readonly DataOrder _order;
    private readonly LossRouting _routing;
    private readonly int _vocabularySize;
    private readonly bool _acrossDocuments;
    private readonly int[] _sequences;
    private readonly int[] _tokens;
    private readonly byte[] _labels;

    internal BatchReader(TrainingRequest request)
    {
        _data = request.Data;
        _order = new DataOrder(request.Seed, request.Data.Count);
        _routing = request.Routing;
        _vocabularySize = request.Model.VocabularySize;
        _acrossDocuments = request.Settings.AttendAcrossDocuments;
        _sequences = new int[request.Settings.BatchSize];
        _tokens = new int[checked(request.Settings.BatchSize * request.Data.SequenceLength)];
        _labels = new byte[_tokens.Length];
    }

    internal int Tokens => _tokens.Length;

    /// <summary>The sequences of the batch that was read last.</summary>
    internal ReadOnlySpan<int> Sequences => _sequences;

    /// <summary>Reads a batch, and the share of its tokens that bear a loss.</summary>
    /// <exception cref="InvalidDataException">A token or label is out of its range.</exception>
    internal (TokenBatch Batch, double LossBearingShare) Read(long step)
    {
        int length = _data.SequenceLength;
        _order.ReadBatch(step, _sequences);
        for (int row = 0; row < _sequences.Length; row++)
        {
            Span<int> tokens = _tokens.AsSpan(row * length, length);
            Span<byte> labels = _labels.AsSpan(row * length, length);
            _data.Read(_sequences[row], tokens, labels);
            EnsureInRange(_sequences[row], tokens, labels);
        }

        int bearing = 0;
        foreach (byte label in _labels)
        {
            bearing += _routing[label] == LossKind.None ? 0 : 1;
        }

        return (new TokenBatch(_sequences.Length, length, _tokens, _labels) { AttendAcrossDocuments = _acrossDocuments }, (double)bearing / _labels.Length);
    }

    private void EnsureInRange(int sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<byte> labels)
    {
        if (tokens.IndexOfAnyExceptInRange(0, _vocabularySize - 1) is var position and >= 0)
        {
            throw new InvalidDataException(
                $"Sequence {sequence} of the training data has token {tokens[position]} at position {position}; the model's vocabulary is 0 to {_vocabularySize - 1}.");
        }

        if (labels.IndexOfAnyExceptInRange((byte)0, (byte)(LossRouting.Labels - 1)) is var place and >= 0)
        {
            throw new InvalidDataException(
                $"Sequence {sequence} of the training data has label {labels[place]} at position {place}; labels are 0 to {LossRouting.Labels - 1}.");
        }
    }
}
