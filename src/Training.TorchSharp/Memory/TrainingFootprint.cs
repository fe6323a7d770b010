namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// What training takes of a device's memory at most, from the shapes of the tensors that <see cref="DecoderLayer"/>, the head and the update make
/// and keep. Counted is what is there at a time; a test holds it to what libtorch's CPU kernels take.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="settings">How it is computed.</param>
/// <param name="fusedAttention">Whether attention is computed without its scores being kept.</param>
/// <param name="onCuda">Whether CUDA's allocator gives the memory, or glibc's.</param>
internal sealed class TrainingFootprint(ModelDescription model, EngineSettings settings, bool fusedAttention, bool onCuda)
{
    /// <summary>CUDA's context, its libraries' workspace and what its allocator rounds up. Assumed, not measured.</summary>
    private const long OfCuda = 1L << 30;

    // glibc's heap keeps blocks of up to 32 MiB that were freed, beside those that take their place. Measured, as the share of what comes and goes.
    private const double KeptByHeap = 0.8;
    private const long MostKeptByHeap = 192L << 20;

    private const int Single = sizeof(float);
    private const int Double = sizeof(double);
    private const int Half = 2;

    /// <summary>Tokens, targets, rows, documents, which are there for the whole batch, and places of the embedding's gradients.</summary>
    private const int LongsPerToken = 8;

    private readonly bool _half = settings.Precision == NumericPrecision.BFloat16;
    private readonly FlatLayout _layout = new(model);

    /// <summary>Bytes of an element of what products are made of.</summary>
    private int Element => _half ? Half : Single;

    /// <summary>Bytes of training on batches.</summary>
    /// <param name="batchSize">Sequences of a step.</param>
    /// <param name="length">Tokens in each.</param>
    internal long Bytes(int batchSize, int length)
    {
        long sequences = settings.SequencesAtOnce == 0 ? batchSize : Math.Min(batchSize, settings.SequencesAtOnce);
        long passing = Math.Max(Update(), Gradients(sequences, length));
        return Kept() + (LongsPerToken * sizeof(long) * (long)batchSize * length) + passing + (onCuda ? OfCuda : Math.Min((long)(KeptByHeap * passing), MostKeptByHeap));
    }

    /// <summary>Weights, gradients, two moments, the rounded matrices, the positions' turns.</summary>
    private long Kept() => (4 * Single * _layout.Length)
        + (_half ? Half * _layout.MatricesLength : 0)
        + ((long)model.MaximumSequenceLength * model.HeadSize * Single);

    /// <summary>The norm of the gradients takes a slice's squares in single and in double precision, which is more than AdamW's one square root.</summary>
    private long Update() => (Single + Double) * Math.Min(FlatAdamW.SliceLength, _layout.Length);

    private long Gradients(long sequences, long length)
    {
        long tokens = sequences * length, hidden = tokens * model.HiddenSize * Single;
        long layer = Saved(sequences, length);

        // Computed again or not, the layers' graphs that are there: none until the backward pass makes one at a time, or one more with each layer.
        long inputs = model.Layers * hidden, graphs = model.Layers * layer;
        (long before, long after, long backward) = settings.RecomputeActivations ? (inputs + (2 * hidden), inputs, inputs + layer) : (graphs - layer, graphs, graphs);
        long head = after + (3 * hidden) + Head(tokens);
        return Math.Max(before + Forward(sequences, length), Math.Max(head, backward + (3 * hidden) + Backward(sequences, length)));
    }

    /// <summary>Everything that a layer's forward pass makes, which is there until it ends.</summary>
    private long Forward(long sequences, long length)
    {
        long tokens = sequences * length, d = tokens * model.HiddenSize, f = tokens * model.FeedForwardSize;
        long norm = (model.Norm == NormKind.Rms ? 3 * Single : Single) + (_half ? Half : 0);
        long turned = (8 * Single) + (_half ? (2 * Single) + (2 * Half) : 0);
        long attended = (3 + 1 + 1) * Element;
        long residuals = (2 * Element) + (2 * Single);
        long ofHidden = (2 * norm) + (3 * Element) + turned + attended + residuals;
        return (d * ofHidden) + (f * 4 * Element) + Scores(sequences, length, kept: false);
    }

    /// <summary>What of it the backward pass needs: stays until then.</summary>
    private long Saved(long sequences, long length)
    {
        long tokens = sequences * length, d = tokens * model.HiddenSize, f = tokens * model.FeedForwardSize;
        long norm = (model.Norm == NormKind.Rms ? Single : 0) + Element;
        long ofHidden = Single + (2 * norm) + (fusedAttention ? 5 * Element : 3 * Element) + Element + Single;
        return (d * ofHidden) + (f * 4 * Element) + Scores(sequences, length, kept: true);
    }

    /// <summary>The scores of every query and key: products, scaled, masked, and their softmax.</summary>
    private long Scores(long sequences, long length, bool kept)
    {
        long pairs = fusedAttention ? 0 : sequences * model.Heads * length * length;
        return pairs * ((kept ? 0 : 3 * Element) + Single + (_half ? Half : 0));
    }

    /// <summary>Gradients within a layer, at their most: those of the gates or those of the scores, with those of the layer's matrices.</summary>
    private long Backward(long sequences, long length)
    {
        long tokens = sequences * length, f = tokens * model.FeedForwardSize;
        long pairs = fusedAttention ? 0 : sequences * model.Heads * length * length;
        long matrices = (4L * model.HiddenSize * model.HiddenSize) + (3L * model.HiddenSize * model.FeedForwardSize);
        long ofGates = 5 * f * Element;
        long ofScores = pairs * (2 * Single);
        return (matrices * Element) + Math.Max(ofGates, ofScores);
    }

    /// <summary>Logits of as many rows as there are at a time, their softmax, and the product of their gradients where that is not added at once.</summary>
    private long Head(long tokens)
    {
        long rows = Math.Min(tokens, Math.Max(1, settings.LogitsAtOnce / model.VocabularySize));
        long logits = rows * model.VocabularySize * (_half ? Single + Single + Half : Single + Single);
        return logits + (rows * model.HiddenSize * 2 * Single) + (_half ? Half * _layout.Head.Length : 0);
    }
}
