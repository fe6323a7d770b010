using SlungOrleans.Contracts;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Specifications;

/// <summary>From the records that travel to those of the training room.</summary>
internal static class TrainingMapping
{
    /// <param name="model">The model.</param>
    /// <param name="tokenizerSize">Tokens of the tokenizer: the vocabulary, unless the model has rows beyond it.</param>
    public static ModelDescription ToModel(ModelSpecification model, int tokenizerSize) => new()
    {
        VocabularySize = model.VocabularySize ?? tokenizerSize,
        HiddenSize = model.HiddenSize,
        Layers = model.Layers,
        Heads = model.Heads,
        FeedForwardSize = model.FeedForwardSize,
        MaximumSequenceLength = model.SequenceLength,
        Norm = model.Norm switch
        {
            "rms" => NormKind.Rms,
            "layer" => NormKind.NonParametricLayerNorm,
            _ => throw new LabException($"model.norm: '{model.Norm}' is not one of rms, layer."),
        },
        NormEpsilon = (float)model.NormEpsilon,
        RotaryBase = (float)model.RotaryBase,
        TiedEmbeddings = model.TiedEmbeddings,
    };

    /// <summary>Rows of the model's embedding: the folder's, or as many as the tokenizer is to have.</summary>
    public static int VocabularyOf(StudySpecification study) => study.Model.VocabularySize ?? study.Tokenizer.VocabularySize;

    public static TrainingSettings ToSettings(TrainingSpecification training) => new()
    {
        Steps = training.Steps,
        ScheduleSteps = training.ScheduleSteps,
        BatchSize = training.BatchSize,
        LearningRate = training.LearningRate,
        WarmUpSteps = training.WarmUpSteps,
        Schedule = training.Schedule switch
        {
            "cosine" => ScheduleKind.Cosine,
            "constant" => ScheduleKind.Constant,
            _ => throw new LabException($"training.schedule: '{training.Schedule}' is not one of cosine, constant."),
        },
        FinalLearningRateShare = training.FinalLearningRateShare,
        AdamW = new AdamWSettings { Beta1 = training.Beta1, Beta2 = training.Beta2, Epsilon = training.Epsilon, WeightDecay = training.WeightDecay, DecayEmbeddings = training.DecayEmbeddings },
        ClipNorm = training.ClipNorm,
        CheckpointEvery = training.CheckpointEvery,
        AttendAcrossDocuments = training.AttendAcrossDocuments,
    };

    /// <summary>How a run wants to be computed; null if it does not say.</summary>
    public static NumericPrecision? ToPrecision(TrainingSpecification training) => training.Precision switch
    {
        null => null,
        "single" => NumericPrecision.Single,
        "bf16" => NumericPrecision.BFloat16,
        _ => throw new LabException($"training.precision: '{training.Precision}' is not one of single, bf16."),
    };

    public static RetentionPolicy ToRetention(RetentionSpecification retention) => new()
    {
        Latest = retention.Latest,
        EverySteps = retention.EverySteps,
        Best = retention.Best,
        BudgetBytes = retention.BudgetBytes,
    };

    /// <summary>End of text bears cross-entropy in every arm.</summary>
    public static LossRouting ToRouting(ArmSpecification arm)
    {
        return new LossRouting(LossKind.CrossEntropy, KindOf(1), KindOf(2), KindOf(3));

        LossKind KindOf(int label) => arm.MaskedLabels.Contains(label) ? LossKind.None
            : arm.UnlikelihoodLabels.Contains(label) ? LossKind.Unlikelihood
            : LossKind.CrossEntropy;
    }
}
