using System.Collections.Concurrent;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Workers;

/// <summary>Text classifiers, each trained once per process on the labelled documents of some corpora. Training is deterministic, so that is the same as keeping them.</summary>
internal sealed class Classifiers(CorpusFiles corpora)
{
    private readonly ConcurrentDictionary<string, Lazy<HashedTextClassifier>> _trained = new();

    public HashedTextClassifier TrainedOn(IReadOnlyList<string> names)
    {
        var key = string.Join('+', names.Select(name => $"{name}@{corpora.VersionOfAsync(name).GetAwaiter().GetResult()}"));
        return _trained.GetOrAdd(key, _ => new Lazy<HashedTextClassifier>(() => Train(names))).Value;
    }

    private HashedTextClassifier Train(IReadOnlyList<string> names)
    {
        var labelled = corpora.ReadNewest(names)
            .Where(document => document.HighRisk is not null)
            .Select(document => (document.Text, document.HighRisk!.Value))
            .ToList();
        return labelled.Count > 0
            ? HashedTextClassifier.Train(labelled)
            : throw new LabException($"A classifier cannot be trained on {string.Join(", ", names)}: no document there has a label.");
    }
}

/// <summary>Makes taggers from their specifications.</summary>
internal sealed class Taggers(CorpusFiles corpora, Classifiers classifiers)
{
    public ITagger Create(TaggerSpecification tagger) => tagger.Kind switch
    {
        "gold" => new GoldTagger(),
        "word-list" => new WordListTagger(corpora
            .ReadNewest([tagger.WordList ?? throw new LabException("data.tagger.wordList: a word-list tagger needs the corpus of its words.")])
            .Select(document => document.Text)),
        "classifier" => new SentenceClassifierTagger(classifiers.TrainedOn(tagger.TrainedOn)),
        "fasttext" => CreateFastText(tagger),
        _ => throw new LabException($"data.tagger.kind: '{tagger.Kind}' is not one of gold, word-list, classifier, fasttext."),
    };

    private static FastTextTagger CreateFastText(TaggerSpecification tagger)
    {
        var model = FastTextModel.Load(tagger.Model ?? throw new LabException("data.tagger.model: a fasttext tagger needs the path of its model."));
        FastTextFingerprint.Check(tagger, model.Fingerprint);
        return new FastTextTagger(model, tagger.Label ?? throw new LabException("data.tagger.label: a fasttext tagger needs the label whose probability is the score."));
    }
}
