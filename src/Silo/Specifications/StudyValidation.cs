using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Every fault of a study that can be found without reading its corpora.</summary>
internal static class StudyValidation
{
    private const int MaximumNameLength = 40;
    private static readonly string[] Formats = ["auto", "jsonl", "csv", "tsv", "text", "toxic-spans"];
    private static readonly string[] Parts = ["base", "high-risk", "recognition", "prompts", "replies", "lexicon"];

    public static ImmutableArray<string> Faults(StudySpecification study)
    {
        var faults = new FaultList();
        faults.Name("name", study.Name, MaximumNameLength);
        Corpora(study, faults);
        Data(study, faults);
        Axes(study, faults);
        Model(study, faults);
        Training(study, faults);
        Evaluation(study, faults);
        return faults.ToImmutable();
    }

    private static void Corpora(StudySpecification study, FaultList faults)
    {
        faults.Distinct("corpora", study.Corpora.Select(corpus => corpus.Name));
        for (var i = 0; i < study.Corpora.Length; i++)
        {
            var corpus = study.Corpora[i];
            var field = $"corpora[{i}]";
            faults.Name($"{field}.name", corpus.Name, MaximumNameLength);
            faults.Check((corpus.Path is null) != (corpus.Synthetic is null), $"{field}: expected either path or synthetic.");
            faults.OneOf($"{field}.format", corpus.Format, Formats);
            faults.OneOf($"{field}.cleaning", corpus.Cleaning, ["none", "tweet"]);
            faults.Check(corpus.CharactersPerDocument > 0, $"{field}.charactersPerDocument: {corpus.CharactersPerDocument} is not above 0.");
            if (corpus.Synthetic is { } synthetic)
            {
                faults.OneOf($"{field}.synthetic.part", synthetic.Part, Parts);
                faults.Check(synthetic.Documents > 0, $"{field}.synthetic.documents: {synthetic.Documents} is not above 0.");
                faults.Check(synthetic.Slurs is >= 2 and <= 400, $"{field}.synthetic.slurs: {synthetic.Slurs} is not between 2 and 400.");
                faults.Check(synthetic.RiskyExchanges is > 0 and <= 1, $"{field}.synthetic.riskyExchanges: {synthetic.RiskyExchanges} is not above 0 and at most 1.");
            }
        }
    }

    private static void Data(StudySpecification study, FaultList faults)
    {
        var data = study.Data;
        faults.Check(!data.Base.IsEmpty, "data.base: at least one corpus of base text is expected.");
        faults.Check(!data.HighRisk.IsEmpty, "data.highRisk: at least one corpus of high-risk documents is expected.");
        faults.OneOf("data.tagger.kind", data.Tagger.Kind, ["gold", "word-list", "classifier", "fasttext"]);
        faults.Check(data.Tagger.Kind != "word-list" || data.Tagger.WordList is not null, "data.tagger.wordList: a word-list tagger needs the corpus of its words.");
        faults.Check(data.Tagger.Kind != "classifier" || !data.Tagger.TrainedOn.IsEmpty, "data.tagger.trainedOn: a classifier needs corpora of labelled documents.");
        faults.Check(data.Tagger.Kind != "fasttext" || data.Tagger.Model is not null, "data.tagger.model: a fasttext tagger needs the path of its model.");
        faults.Check(data.Tagger.Kind != "fasttext" || data.Tagger.Label is not null, "data.tagger.label: a fasttext tagger needs the label whose probability is the score.");
        faults.Check(data.BenignThreshold is >= 0 and < 1, $"data.benignThreshold: {data.BenignThreshold} is not between 0 and 1.");
        faults.Check(data.HighRiskThreshold >= data.BenignThreshold && data.HighRiskThreshold < 1, $"data.highRiskThreshold: {data.HighRiskThreshold} is not between the benign threshold and 1.");
        faults.Check(data.Sequences > 0, $"data.sequences: {data.Sequences} is not above 0.");
        faults.Check(data.HeldOutShare is > 0 and <= 0.5, $"data.heldOutShare: {data.HeldOutShare} is not above 0 and at most 0.5.");
        faults.Check(study.Model.From is not null || study.Tokenizer.VocabularySize is >= 260 and <= 131_072, $"tokenizer.vocabularySize: {study.Tokenizer.VocabularySize} is not between 260 and 131072.");
    }

    private static void Axes(StudySpecification study, FaultList faults)
    {
        faults.Check(!study.Arms.IsEmpty, $"arms: at least one of {KnownArms.Names} is expected.");
        faults.Check(!study.Seeds.IsEmpty, "seeds: at least one is expected.");
        faults.Check(!study.Amounts.IsEmpty, "amounts: at least one is expected.");
        faults.Distinct("arms", study.Arms.Select(arm => arm.Name));
        faults.Distinct("seeds", study.Seeds.Select(seed => seed.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        faults.Distinct("amounts", study.Amounts.Select(amount => Math.Round(amount * 1000).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        for (var i = 0; i < study.Arms.Length; i++)
        {
            var arm = study.Arms[i];
            faults.Name($"arms[{i}].name", arm.Name, MaximumNameLength);
            faults.OneOf($"arms[{i}].data", arm.Data, [ArmData.Base, ArmData.Filtered, ArmData.Original]);
            faults.Check(arm.MaskedLabels.Concat(arm.UnlikelihoodLabels).All(label => label is >= 1 and <= 3), $"arms[{i}]: labels are 1 (benign), 2 (middle) and 3 (high-risk).");
            faults.Check(!arm.MaskedLabels.Intersect(arm.UnlikelihoodLabels).Any(), $"arms[{i}]: a label cannot be both masked and unlikelihood.");
            faults.Check(arm.MaskedLabels.Distinct().Count() < 3, $"arms[{i}].maskedLabels: with all labels masked there is nothing to train on.");
        }

        foreach (var seed in study.Seeds.Where(seed => seed < 0))
        {
            faults.Add($"seeds: {seed} is negative.");
        }

        foreach (var amount in study.Amounts.Where(amount => amount is not (> 0 and < 1)))
        {
            faults.Add($"amounts: {amount} is not above 0 and below 1.");
        }
    }

    private static void Model(StudySpecification study, FaultList faults)
    {
        var model = study.Model;
        faults.Check(model.SequenceLength is >= 2 and <= 16_384, $"model.sequenceLength: {model.SequenceLength} is not between 2 and 16384.");
        faults.Check(model.From is not null || !model.Moments, "model.moments: moments come from a folder only; from is missing.");
        faults.Check(model.From is not null || model.FromSha256 is null, "model.fromSha256: there is no folder; from is missing.");
        if (model.From is not null)
        {
            faults.Check(model.From.Length > 0, "model.from: the path of a model folder is expected.");
            return;
        }

        faults.Check(model.VocabularySize is null && model.MomentSteps == 0, "model: vocabularySize and momentSteps come from a folder only; from is missing.");
        faults.OneOf("model.norm", model.Norm, ["rms", "layer"]);
        faults.Check(model.NormEpsilon is > 0 and <= 1, $"model.normEpsilon: {model.NormEpsilon} is not above 0 and at most 1.");
        faults.Check(model.RotaryBase is >= 1 and <= 1e9, $"model.rotaryBase: {model.RotaryBase} is not between 1 and 1000000000.");
        faults.Check(model.HiddenSize is > 0 and <= 8192, $"model.hiddenSize: {model.HiddenSize} is not between 1 and 8192.");
        faults.Check(model.Layers is > 0 and <= 128, $"model.layers: {model.Layers} is not between 1 and 128.");
        faults.Check(model.Heads > 0 && model.HiddenSize % (2 * model.Heads) == 0, $"model.heads: hiddenSize ({model.HiddenSize}) is not a multiple of twice the heads ({model.Heads}).");
        faults.Check(model.FeedForwardSize is > 0 and <= 65_536, $"model.feedForwardSize: {model.FeedForwardSize} is not between 1 and 65536.");
    }

    private static void Training(StudySpecification study, FaultList faults)
    {
        if (study.Training.Schedule is not ("cosine" or "constant"))
        {
            faults.OneOf("training.schedule", study.Training.Schedule, ["cosine", "constant"]);
            return;
        }

        if (study.Training.Precision is { } precision)
        {
            faults.OneOf("training.precision", precision, ["single", "bf16"]);
        }

        faults.Check(
            study.Training.Device is null || DeviceName.IsKnown(study.Training.Device),
            $"training.device: '{study.Training.Device}' is not a device; expected cpu, cuda, torch:cpu, or one of them by its number, for example cuda:0.");

        // The room that uses the settings knows their ranges; its names differ from the specification's in the first letter's case only.
        faults.AddRange(TrainingMapping.ToSettings(study.Training).FindFaults().Select(fault => $"training.{char.ToLowerInvariant(fault[0])}{fault[1..]}"));
        faults.AddRange(TrainingMapping.ToRetention(study.Training.Retention).FindFaults().Select(fault => $"training.retention.{char.ToLowerInvariant(fault[0])}{fault[1..]}"));
    }

    private static void Evaluation(StudySpecification study, FaultList faults)
    {
        var evaluation = study.Evaluation;
        faults.OneOf("evaluation.scorer.kind", evaluation.Scorer.Kind, ["lexicon", "classifier"]);
        faults.Check(evaluation.Scorer.Threshold is > 0 and <= 1, $"evaluation.scorer.threshold: {evaluation.Scorer.Threshold} is not above 0 and at most 1.");
        faults.Check(evaluation.ProbeTrainingExamples >= 4, $"evaluation.probeTrainingExamples: {evaluation.ProbeTrainingExamples} is below 4.");
        faults.Check(evaluation.ProbeTestExamples >= 4, $"evaluation.probeTestExamples: {evaluation.ProbeTestExamples} is below 4.");
        faults.Check(evaluation.ProbeResamples >= 1, $"evaluation.probeResamples: {evaluation.ProbeResamples} is below 1.");
        faults.Check(evaluation.PromptsPerKind >= 1, $"evaluation.promptsPerKind: {evaluation.PromptsPerKind} is below 1.");
        faults.Check(evaluation.Continuations >= 1, $"evaluation.continuations: {evaluation.Continuations} is below 1.");
        faults.Check(evaluation.NewTokens >= 1 && evaluation.NewTokens < study.Model.SequenceLength, $"evaluation.newTokens: {evaluation.NewTokens} is not between 1 and the sequence length ({study.Model.SequenceLength}).");
        faults.Check(evaluation.TopK >= 0, $"evaluation.topK: {evaluation.TopK} is negative.");
        faults.Check(evaluation.PerplexitySequences >= 1, $"evaluation.perplexitySequences: {evaluation.PerplexitySequences} is below 1.");

        // The scorer must not be the tagger of the training data: they would share its blind spots.
        var shared = study.Data.Tagger.Kind == "classifier" && evaluation.Scorer.Kind == "classifier"
            ? study.Data.Tagger.TrainedOn.Intersect(evaluation.Scorer.Corpora).ToList()
            : [];
        faults.Check(shared.Count == 0, $"evaluation.scorer.corpora: {string.Join(", ", shared)} trained the tagger too; the scorer of generations must be another one.");
    }
}
