using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SlungOrleans.Training;

/// <summary>
/// Which sequences a step is trained on. Epoch after epoch all sequences are put in a random order that is a function of seed and epoch
/// alone; the epochs follow each other without end, and step s takes positions (s-1)·B to s·B-1 of them. So a run goes on at any step
/// with what it would have seen. Not safe for concurrent use.
/// </summary>
public sealed class DataOrder
{
    private readonly ulong _seed;
    private readonly int[] _permutation;
    private long _epoch = -1;

    /// <summary>Creates an order.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="sequences">How many sequences there are; at least 1.</param>
    public DataOrder(ulong seed, int sequences)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        _seed = seed;
        _permutation = new int[sequences];
    }

    /// <summary>The sequences of a step.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="batch">Receives the sequences' numbers; as long as the batch.</param>
    public void ReadBatch(long step, Span<int> batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        long position = checked((step - 1) * batch.Length);
        for (int row = 0; row < batch.Length; row++, position++)
        {
            MoveTo(position / _permutation.Length);
            batch[row] = _permutation[position % _permutation.Length];
        }
    }

    /// <summary>
    /// SHA-256 of the sequences' numbers (32 bits, little-endian) of steps 1 to <paramref name="steps"/>: equal for runs that see the same
    /// in the same order.
    /// </summary>
    /// <param name="steps">How many steps.</param>
    /// <param name="batchSize">Sequences per step.</param>
    public string HashOf(long steps, int batchSize)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] batch = new int[batchSize];
        byte[] bytes = new byte[batchSize * sizeof(int)];
        for (long step = 1; step <= steps; step++)
        {
            ReadBatch(step, batch);
            for (int row = 0; row < batch.Length; row++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(row * sizeof(int)), batch[row]);
            }

            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void MoveTo(long epoch)
    {
        if (epoch == _epoch)
        {
            return;
        }

        for (int sequence = 0; sequence < _permutation.Length; sequence++)
        {
            _permutation[sequence] = sequence;
        }

        new RandomStream(_seed, "data-order", (ulong)epoch).Shuffle<int>(_permutation);
        _epoch = epoch;
    }
}
