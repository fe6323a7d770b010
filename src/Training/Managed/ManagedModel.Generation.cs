namespace SlungOrleans.Training.Managed;

internal sealed unsafe partial class ManagedModel
{
    /// <summary>Sequences that a thread continues at a time: enough rows to use the weights well.</summary>
    private const int MostSlots = 32;

    /// <summary>Floats of the key-value cache of a thread: 256 MiB.</summary>
    private const long CacheLength = 64 * 1024 * 1024;

    public int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelInputs.CheckSampling(Description, prompts, settings, streams);
        int[][] results = new int[prompts.Count][];
        if (prompts.Count == 0)
        {
            return results;
        }

        _packed.Refresh(_team);
        int longest = prompts.Max(prompt => Continuation.End(prompt.Length, settings, Description.MaximumSequenceLength));
        long affordable = Math.Max(1, CacheLength / KeyValueCache.SlotLength(_layout, longest));
        int slots = (int)Math.Min(affordable, Math.Min(MostSlots, (prompts.Count + _team.Size - 1) / _team.Size));
        int next = -1;
        Continuation? Next()
        {
            int number = Interlocked.Increment(ref next);
            return number < prompts.Count
                ? new Continuation(number, prompts[number], settings, streams[number], Description.MaximumSequenceLength)
                : null;
        }

        void ContinueOn(WorkerTeam? helpers)
        {
            using var pass = new IncrementalPass(_layout, _weights.Data, _packed, _rotary, slots, longest, helpers);
            Continue(pass, new Continuation?[slots], new Sampler(settings, Description.VocabularySize), Next, results);
        }

        // Threads share out the prompts; where these are too few, each product's columns.
        if (_team.Size > 1 && prompts.Count < _team.Size)
        {
            ContinueOn(_team);
        }
        else
        {
            _team.ForEach(_team.Size, (_, _) => ContinueOn(null));
        }

        return results;
    }

    /// <summary>Continues prompt after prompt until there are no more: a slot that is done takes the next.</summary>
    private static void Continue(IncrementalPass pass, Continuation?[] slots, Sampler sampler, Func<Continuation?> next, int[][] results)
    {
        Span<IncrementalRow> rows = stackalloc IncrementalRow[IncrementalPass.MostRows];
        while (true)
        {
            int count = 0;
            for (int slot = 0; slot < slots.Length; slot++)
            {
                while (slots[slot] is null or { Ended: true })
                {
                    if (slots[slot] is { } done)
                    {
                        results[done.Number] = done.NewTokens;
                    }

                    slots[slot] = next();
                    if (slots[slot] is null)
                    {
                        break;
                    }
                }

                // Every slot after this one needs a row too.
                int most = rows.Length - (slots.Length - slot - 1);
                for (; slots[slot] is { Unread: > 0 } continuation && count < most; count++)
                {
                    rows[count] = continuation.ReadNext(slot);
                }
            }

            if (count == 0)
            {
                return;
            }

            pass.Step(rows[..count]);
            int prediction = 0;
            foreach (IncrementalRow row in rows[..count])
            {
                if (row.Predicts)
                {
                    slots[row.Slot]!.Extend(pass.Logits(prediction++), sampler);
                }
            }
        }
    }
}
