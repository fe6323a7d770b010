using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// Prompts that are continued together. Each ends at the same column, with nothing before the shorter ones; a sequence's column c has the
/// position c - <see cref="Pads"/>.
/// </summary>
internal sealed class ContinuationBatch
{
    private readonly List<Continuation> _continuations;
    private readonly List<int> _pads = [];

    internal ContinuationBatch(IEnumerable<Continuation> continuations)
    {
        _continuations = [.. continuations];
        int[][] prompts = [.. _continuations.Select(ReadAll)];
        Columns = prompts.Max(prompt => prompt.Length);
        Tokens = new int[prompts.Length * Columns];
        for (int row = 0; row < prompts.Length; row++)
        {
            _pads.Add(Columns - prompts[row].Length);
            prompts[row].CopyTo(Tokens, (row * Columns) + _pads[row]);
        }
    }

    /// <summary>Columns of <see cref="Tokens"/>.</summary>
    internal int Columns { get; private set; }

    /// <summary>The tokens to be read next, row after row.</summary>
    internal int[] Tokens { get; private set; }

    /// <summary>Columns before each sequence's first.</summary>
    internal IReadOnlyList<int> Pads => _pads;

    internal int Rows => _continuations.Count;

    internal IReadOnlyList<Continuation> Continuations => _continuations;

    internal bool Ended => _continuations.All(continuation => continuation.Ended);

    /// <summary>Drops the continuations that have ended, where they are at least half; returns the rows that stay, or null for all.</summary>
    internal long[]? Compact()
    {
        long[] going = [.. Enumerable.Range(0, Rows).Where(row => !_continuations[row].Ended).Select(row => (long)row)];
        if (going.Length * 2 > Rows)
        {
            return null;
        }

        Continuation[] continuations = [.. going.Select(row => _continuations[(int)row])];
        int[] pads = [.. going.Select(row => _pads[(int)row])];
        _continuations.Clear();
        _continuations.AddRange(continuations);
        _pads.Clear();
        _pads.AddRange(pads);
        return going;
    }

    /// <summary>Takes up the tokens that were picked last, as one column; those of ended continuations read anything.</summary>
    internal void Next()
    {
        Columns = 1;
        Tokens = [.. _continuations.Select(continuation => continuation.Ended ? 0 : ReadAll(continuation)[0])];
    }

    private static int[] ReadAll(Continuation continuation)
    {
        var tokens = new List<int>();
        while (continuation.Unread > 0)
        {
            tokens.Add(continuation.ReadNext(0).Token);
        }

        return [.. tokens];
    }
}
