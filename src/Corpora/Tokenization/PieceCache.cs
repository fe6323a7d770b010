using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SlungOrleans.Corpora;

/// <summary>Tokens of pre-tokens that have been seen. Bounded: once full, it keeps what it has. Safe to use from several threads.</summary>
internal sealed class PieceCache
{
    private const int Capacity = 1 << 17;
    private const int LongestPiece = 48;

    private readonly ConcurrentDictionary<string, int[]> _pieces = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    internal PieceCache() => _bySpan = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();

    internal bool TryGet(ReadOnlySpan<char> piece, [NotNullWhen(true)] out int[]? tokens) => _bySpan.TryGetValue(piece, out tokens);

    internal void Add(ReadOnlySpan<char> piece, int[] tokens)
    {
        if (piece.Length <= LongestPiece && Volatile.Read(ref _count) < Capacity && _bySpan.TryAdd(piece, tokens))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
