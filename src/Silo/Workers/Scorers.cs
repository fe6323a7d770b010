using System.Collections.Concurrent;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;

namespace SlungOrleans.Silo.Workers;

/// <summary>Makes the scorers of generated text from their specifications, each once per process and version of its corpora.</summary>
internal sealed class Scorers(CorpusFiles corpora, Classifiers classifiers)
{
    private readonly ConcurrentDictionary<string, Lazy<LexiconScorer>> _lexicons = new();

    public IToxicityScorer Create(ScorerSpecification scorer)
    {
        switch (scorer.Kind)
        {
            case "lexicon":
                var key = string.Join('+', scorer.Corpora.Select(name => $"{name}@{corpora.VersionOfAsync(name).GetAwaiter().GetResult()}"));
                return _lexicons.GetOrAdd(
                    key,
                    _ => new Lazy<LexiconScorer>(() => new LexiconScorer("lexicon", corpora.ReadNewest(scorer.Corpora).Select(document => document.Text)))).Value;
            case "classifier":
                var classifier = classifiers.TrainedOn(scorer.Corpora);
                return new ClassifierScorer("classifier", classifier.Fingerprint, classifier.Predict);
            default:
                throw new LabException($"evaluation.scorer.kind: '{scorer.Kind}' is not one of lexicon, classifier.");
        }
    }
}
