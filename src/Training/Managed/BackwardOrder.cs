namespace SlungOrleans.Training.Managed;

/// <summary>
/// The order in which a batch's sequences add to the one buffer of gradients: to every parameter first sequence 0, then 1, and so on, whichever
/// threads have them. So sums do not depend on the number of threads. Sequences follow each other through the backward pass, each at least
/// one operation behind the one before it; threads wait for each other at the beginning, hardly ever later.
/// </summary>
internal sealed class BackwardOrder
{
    /// <summary>Counters lie this far apart: a cache line, so that threads do not disturb each other.</summary>
    private const int Stride = 64 / sizeof(int);

    private int[] _completed = [];
    private volatile bool _abandoned;

    /// <summary>Begins with a batch.</summary>
    internal void Begin(int sequences)
    {
        if (_completed.Length < sequences * Stride)
        {
            _completed = new int[sequences * Stride];
        }

        Array.Clear(_completed);
        _abandoned = false;
    }

    /// <summary>Lets threads wait no longer: a sequence before theirs has failed.</summary>
    internal void Abandon() => _abandoned = true;

    /// <summary>Waits until the sequence before has completed an operation.</summary>
    /// <exception cref="OperationCanceledException">It never will.</exception>
    internal void Await(int sequence, int operation)
    {
        if (sequence == 0)
        {
            return;
        }

        // Yields, never sleeps: the wait is for less than an operation, unless the machine is busy with something else.
        var spin = default(SpinWait);
        while (Volatile.Read(ref _completed[(sequence - 1) * Stride]) <= operation)
        {
            if (_abandoned)
            {
                throw new OperationCanceledException("A sequence of the batch has failed.");
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Lets the next sequence do an operation.</summary>
    internal void Complete(int sequence, int operation) => Volatile.Write(ref _completed[sequence * Stride], operation + 1);
}

/// <summary>A sequence's place in the order: what it adds to gradients it does between <see cref="Await"/> and <see cref="Complete"/>.</summary>
internal readonly struct BackwardTurn(BackwardOrder order, int sequence)
{
    /// <summary>Whether it replaces gradients, as the first of its batch, instead of adding to them.</summary>
    internal bool Replaces => sequence == 0;

    /// <summary>Waits for its turn to add to the gradients of an operation; operations are numbered in the order of the backward pass.</summary>
    internal void Await(int operation) => order.Await(sequence, operation);

    /// <summary>Gives the turn to the next sequence.</summary>
    internal void Complete(int operation) => order.Complete(sequence, operation);
}
