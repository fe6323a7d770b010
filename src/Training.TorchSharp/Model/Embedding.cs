using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>Looks tokens up, and adds their gradients in a fixed order: a device's own scattered addition has none.</summary>
internal sealed class Embedding(Tensor weights, Tensor gradient)
{
    /// <summary>The embeddings of tokens: [tokens, hidden size].</summary>
    internal Tensor Forward(Tensor tokens) => weights.index_select(0, tokens);

    /// <summary>
    /// Adds gradients: rows of equal tokens are added pair by pair until each token has one, so every addition has its own place.
    /// </summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="gradients">[tokens, hidden size]; changed.</param>
    internal void Backward(ReadOnlySpan<int> tokens, Tensor gradients)
    {
        var indices = new IndexUpload();
        var rounds = new List<(IndexRange Into, IndexRange From)>();
        int[] order = [.. Enumerable.Range(0, tokens.Length)];
        int[] keys = tokens.ToArray();
        Array.Sort(keys, order);
        SortEqual(keys, order);

        // Row r of a run of equal tokens takes row r + span, for spans 1, 2, 4 …, where r is a multiple of twice the span.
        for (int span = 1; span < keys.Length; span *= 2)
        {
            List<long> into = [], from = [];
            for (int start = 0, end; start < keys.Length; start = end)
            {
                end = EndOfRun(keys, start);
                for (int row = start; row + span < end; row += 2 * span)
                {
                    into.Add(order[row]);
                    from.Add(order[row + span]);
                }
            }

            if (into.Count == 0)
            {
                break;
            }

            rounds.Add((indices.Add(into), indices.Add(from)));
        }

        List<long> unique = [], rows = [];
        for (int start = 0; start < keys.Length; start = EndOfRun(keys, start))
        {
            unique.Add(keys[start]);
            rows.Add(order[start]);
        }

        IndexRange uniqueRange = indices.Add(unique), rowRange = indices.Add(rows);
        using var scope = NewDisposeScope();
        indices.Send(gradients.device);
        foreach ((IndexRange into, IndexRange from) in rounds)
        {
            using var round = NewDisposeScope();
            gradients.index_add_(0, indices[into], gradients.index_select(0, indices[from]), 1);
        }

        gradient.index_add_(0, indices[uniqueRange], gradients.index_select(0, indices[rowRange]), 1);
    }

    private static int EndOfRun(int[] keys, int start)
    {
        int end = start + 1;
        while (end < keys.Length && keys[end] == keys[start])
        {
            end++;
        }

        return end;
    }

    /// <summary>Puts the places of equal tokens in order, which the sort need not keep.</summary>
    private static void SortEqual(int[] keys, int[] order)
    {
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = EndOfRun(keys, start);
            Array.Sort(order, start, end - start);
        }
    }
}
