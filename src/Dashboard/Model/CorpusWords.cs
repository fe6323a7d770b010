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

    public static string Figure(CorpusView corpus, string name) => corpus.Import.Numbers.TryGetValue(name, out var value) ? Format.Count(value) : "–";
}
