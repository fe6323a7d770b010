using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>A sequence to predict; its first token is context only.</summary>
internal sealed record HeldOutSequence(string Id, int[] Tokens, RiskLabel[]? Labels);

/// <summary>A set of held-out documents, cut into sequences.</summary>
internal sealed record HeldOutText(string Name, IReadOnlyList<HeldOutSequence> Sequences, double TokensPerByte, IReadOnlyList<string> Notes)
{
    public static HeldOutText Of(PerplexitySet set, PerplexitySettings settings, int longest, int endOfText, ulong seed)
    {
        if (settings.Sequences < 1)
        {
            throw new EvaluationException($"Perplexity needs a sequence or more; found {settings.Sequences}.");
        }

        Check(set);
        IReadOnlyList<TokenizedDocument> shuffled = NamedStream.Shuffle(set.Documents, document => document.Id, seed, "perplexity");
        (List<HeldOutSequence> sequences, int used) = settings.Packed
            ? Pack(set.Name, shuffled, settings.Sequences, longest, endOfText)
            : OnePerDocument(shuffled, settings.Sequences, longest, endOfText);
        if (sequences.Count == 0)
        {
            throw new EvaluationException($"Perplexity set '{set.Name}' has no text to predict; at least one document with tokens is expected.");
        }

        double tokensPerByte = shuffled.Take(used).Sum(document => (double)document.Tokens.Length) / shuffled.Take(used).Sum(document => (double)document.Bytes);
        List<string> notes = [];
        if (used < set.Documents.Count)
        {
            notes.Add($"Perplexity set '{set.Name}': {used} of {set.Documents.Count} documents are in the {SuiteRun.Count(sequences.Count, "sequence", "sequences")} that were asked for.");
        }

        int cut = settings.Packed ? 0 : shuffled.Take(used).Count(document => document.Tokens.Length >= longest);
        if (cut > 0)
        {
            notes.Add($"Perplexity set '{set.Name}': {cut} of {used} documents are longer than {longest - 1} tokens and lost their end.");
        }

        return new HeldOutText(set.Name, sequences, tokensPerByte, notes);
    }

    private static void Check(PerplexitySet set)
    {
        bool labelled = set.Documents.Count > 0 && set.Documents[0].Labels is not null;
        foreach (TokenizedDocument document in set.Documents)
        {
            if ((document.Labels is not null) != labelled || (document.Labels is { } labels && labels.Length != document.Tokens.Length))
            {
                throw new EvaluationException(
                    $"Perplexity set '{set.Name}': document '{document.Id}' has {document.Tokens.Length} tokens and {document.Labels?.Length ?? 0} labels; either all tokens of a set have a label or none.");
            }
        }
    }

    private static (List<HeldOutSequence> Sequences, int Used) Pack(
        string name, IReadOnlyList<TokenizedDocument> documents, int most, int longest, int endOfText)
    {
        var sequences = new List<HeldOutSequence>();
        var tokens = new List<int>();
        var labels = new List<RiskLabel>();
        bool labelled = false;
        void Close(int length)
        {
            sequences.Add(new HeldOutSequence(
                FormattableString.Invariant($"{name}/{sequences.Count}"), [.. tokens[..length]], labelled ? [.. labels[..length]] : null));
            tokens.RemoveRange(0, length);
            labels.RemoveRange(0, length);
        }

        int used = 0;
        foreach (TokenizedDocument document in documents)
        {
            labelled = document.Labels is not null;
            tokens.AddRange([.. document.Tokens, endOfText]);
            labels.AddRange([.. document.Labels ?? new RiskLabel[document.Tokens.Length], RiskLabel.EndOfText]);
            used++;
            while (tokens.Count >= longest && sequences.Count < most)
            {
                Close(longest);
            }

            if (sequences.Count == most)
            {
                return (sequences, used);
            }
        }

        // Unlike training, which drops it, the rest is predicted too: a small set would lose much of itself.
        if (tokens.Count > 1)
        {
            Close(tokens.Count);
        }

        return (sequences, used);
    }

    private static (List<HeldOutSequence> Sequences, int Used) OnePerDocument(
        IReadOnlyList<TokenizedDocument> documents, int most, int longest, int endOfText)
    {
        TokenizedDocument[] used = [.. documents.Take(most)];
        return (
            [
                .. used
                    .Where(document => document.Tokens.Length > 0)
                    .Select(document => new HeldOutSequence(
                        document.Id,
                        [endOfText, .. document.Tokens.Take(longest - 1)],
                        document.Labels is { } labels ? [RiskLabel.EndOfText, .. labels.Take(longest - 1)] : null)),
            ],
            used.Length);
    }
}
