using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Advice;

/// <summary>What a model and its checkpoints come to, from the specification alone.</summary>
internal static class ModelSize
{
    private const int BytesPerValue = 4;

    // Weights and AdamW's two moments.
    private const int TensorsPerCheckpoint = 3;

    /// <summary>Weights, embeddings included.</summary>
    public static long Parameters(ModelSpecification model, int vocabularySize) => Embedding(model, vocabularySize) * (model.TiedEmbeddings ? 1 : 2)
        + (model.Layers * LayerMatrices(model))
        + (model.Norm == "rms" ? ((2L * model.Layers) + 1) * model.HiddenSize : 0);

    /// <summary>
    /// Floating-point operations per trained token: 6 per weight that is multiplied with (Kaplan et al., arXiv 2001.08361, appendix B), and
    /// attention's products with half a sequence on average.
    /// </summary>
    public static double OperationsPerToken(ModelSpecification model, int vocabularySize) =>
        (6.0 * (Embedding(model, vocabularySize) + (model.Layers * LayerMatrices(model)))) + (6.0 * model.Layers * model.SequenceLength * model.HiddenSize);

    /// <summary>Bytes of one checkpoint, without its headers.</summary>
    public static long CheckpointBytes(long parameters) => parameters * BytesPerValue * TensorsPerCheckpoint;

    /// <summary>Most checkpoints that a run has at a time, with the one that is being written.</summary>
    public static int Checkpoints(TrainingSpecification training, long checkpointBytes)
    {
        var steps = Enumerable.Range(1, training.Steps / training.CheckpointEvery).Select(index => (long)index * training.CheckpointEvery).ToList();
        if (training.Steps % training.CheckpointEvery != 0)
        {
            steps.Add(training.Steps);
        }

        var retention = training.Retention;
        var kept = (long)retention.Latest + retention.Best + (retention.EverySteps > 0 ? steps.Count(step => step % retention.EverySteps == 0) : 0);
        if (retention.BudgetBytes is { } budget && checkpointBytes > 0)
        {
            kept = Math.Min(kept, Math.Max(1, budget / checkpointBytes));
        }

        return (int)Math.Min(kept + 1, steps.Count);
    }

    private static long Embedding(ModelSpecification model, int vocabularySize) => (long)vocabularySize * model.HiddenSize;

    private static long LayerMatrices(ModelSpecification model) => (4L * model.HiddenSize * model.HiddenSize) + (3L * model.HiddenSize * model.FeedForwardSize);
}
