using SlungOrleans.Contracts;
using SlungOrleans.Corpora;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>From the records that travel to those of the corpus room.</summary>
internal static class CorpusMapping
{
    public static DocumentSource ToSource(CorpusSpecification corpus) => new()
    {
        Path = corpus.Path ?? throw new ArgumentException($"Corpus '{corpus.Name}' has no path.", nameof(corpus)),
        Format = corpus.Format switch
        {
            "auto" => DocumentFormat.Auto,
            "jsonl" => DocumentFormat.JsonLines,
            "csv" => DocumentFormat.Csv,
            "tsv" => DocumentFormat.Tsv,
            "text" => DocumentFormat.PlainText,
            "toxic-spans" => DocumentFormat.ToxicSpans,
            _ => throw new LabException($"Corpus '{corpus.Name}': format '{corpus.Format}' is not one of auto, jsonl, csv, tsv, text, toxic-spans."),
        },
        TextField = corpus.TextField,
        LabelField = corpus.LabelField,
        PositiveLabels = corpus.PositiveLabels,
        Fields = [.. corpus.Fields.Select(field => new LabelledTextField(field.Field, field.HighRisk))],
        Cleaning = corpus.Cleaning switch
        {
            "none" => TextCleaning.None,
            "tweet" => TextCleaning.Tweet,
            _ => throw new LabException($"Corpus '{corpus.Name}': cleaning '{corpus.Cleaning}' is not one of none, tweet."),
        },
        CharactersPerDocument = corpus.CharactersPerDocument,
    };

    public static RiskThresholds ToThresholds(DataSpecification data) => new(data.BenignThreshold, data.HighRiskThreshold);

    /// <summary>What all arms of a study have in common.</summary>
    /// <param name="study">The study.</param>
    /// <param name="sequences">How many sequences each has.</param>
    public static ArmMixerSettings ToMixing(StudySpecification study, int sequences) => new()
    {
        Sequences = sequences,
        SequenceLength = study.Model.SequenceLength,
        Seeds = study.Seeds,
        Thresholds = ToThresholds(study.Data),

        // Attention within documents goes by the label of the ends of text; else they have the one that the authors' files have.
        EndOfTextLabel = study.Training.AttendAcrossDocuments ? RiskLabel.Benign : RiskLabel.EndOfText,
    };

    public static IEnumerable<Document> Generate(SyntheticSpecification synthetic) => new SyntheticCorpus(new SyntheticSettings
    {
        Part = synthetic.Part switch
        {
            "base" => SyntheticPart.Base,
            "high-risk" => SyntheticPart.HighRisk,
            "recognition" => SyntheticPart.Recognition,
            "prompts" => SyntheticPart.Prompts,
            "replies" => SyntheticPart.Replies,
            "lexicon" => SyntheticPart.Lexicon,
            _ => throw new LabException($"synthetic.part: '{synthetic.Part}' is not one of base, high-risk, recognition, prompts, replies, lexicon."),
        },
        Documents = synthetic.Documents,
        Seed = synthetic.Seed,
        LanguageSeed = synthetic.LanguageSeed,
        Slurs = synthetic.Slurs,
        RiskyExchanges = synthetic.RiskyExchanges,
    });
}
