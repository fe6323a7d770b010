using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A corpus in words.</summary>
internal static class CorpusWords
{
    public static string SourceOf(CorpusView corpus) => corpus.Specification switch
    {
        null => "not imported",
        { Synthetic: { } synthetic } => $"synthetic, {synthetic.Part}",
        { Path: { } path } => Path.GetFileName(path),
        _ => "",
    };

    /// <summary>What its figures come to, document by document; nothing before it is imported.</summary>
    public static IEnumerable<(string Title, string Figure)> StatisticsOf(CorpusView corpus)
    {
        var numbers = corpus.Import.Numbers;
        if (!numbers.TryGetValue("documents", out var documents) || documents == 0)
        {
            yield break;
        }

        if (numbers.TryGetValue("characters", out var characters))
        {
            yield return ("Characters per document", Format.Number(characters / documents));
        }

        if (numbers.TryGetValue("spans", out var spans) && spans > 0)
        {
            yield return ("Spans per document", Format.Number(spans / documents));
        }

        if (numbers.TryGetValue("labelled", out var labelled) && labelled > 0)
        {
            yield return ("Share labelled", Format.Share(labelled / documents));
        }

        if (corpus.Import.Attempts is [.., { Ended: { } ended } attempt])
        {
            yield return ("Import took", Format.Duration(ended - attempt.Started));
        }
    }

    public static string Figure(CorpusView corpus, string name) => corpus.Import.Numbers.TryGetValue(name, out var value) ? Format.Count(value) : "–";
}
