namespace SlungOrleans.Training.Managed;

/// <summary>
/// Shares out a batch's sequences: those of a shard one after another, each to whichever thread is free, the shard that is least far first,
/// so that threads of unequal speed end together.
/// </summary>
internal sealed class ShardQueue(int mostShards)
{
    private readonly Lock _lock = new();
    private readonly bool[] _taken = new bool[mostShards];
    private readonly int[] _next = new int[mostShards];
    private int _sequences;
    private int _shards;

    /// <summary>Begins with a batch, whose sequence n is shard n mod <paramref name="shards"/>'s.</summary>
    internal void Begin(int sequences, int shards)
    {
        _sequences = sequences;
        _shards = shards;
        for (int shard = 0; shard < shards; shard++)
        {
            _taken[shard] = false;
            _next[shard] = shard;
        }
    }

    /// <summary>Takes the next sequence of a shard that no other thread has; false if none is left but of those.</summary>
    /// <param name="shard">The shard that the thread had before, which is given back, or -1; receives the one that it has now.</param>
    /// <param name="sequence">The sequence.</param>
    internal bool TryTake(ref int shard, out int sequence)
    {
        lock (_lock)
        {
            if (shard >= 0)
            {
                _taken[shard] = false;
            }

            int best = -1;
            for (int candidate = 0; candidate < _shards; candidate++)
            {
                if (!_taken[candidate] && _next[candidate] < _sequences && (best < 0 || _next[candidate] < _next[best]))
                {
                    best = candidate;
                }
            }

            shard = best;
            sequence = best < 0 ? -1 : _next[best];
            if (best >= 0)
            {
                _taken[best] = true;
                _next[best] += _shards;
            }

            return best >= 0;
        }
    }
}
