using System.Runtime.InteropServices;
using SlungOrleans.Training.Managed;
using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

internal sealed partial class TorchModel
{
    /// <summary>Most prompts that are continued at a time.</summary>
    private const int PromptsAtOnce = 256;

    /// <summary>Most elements of the key-value cache.</summary>
    private const long CacheLength = 1L << 31;

    public int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelInputs.CheckSampling(Description, prompts, settings, streams);
        int[][] results = new int[prompts.Count][];
        var going = new List<Continuation>();
        for (int number = 0; number < prompts.Count; number++)
        {
            var continuation = new Continuation(number, prompts[number], settings, streams[number], Description.MaximumSequenceLength);
            if (continuation.Ended)
            {
                results[number] = [];
            }
            else
            {
                going.Add(continuation);
            }
        }

        if (going.Count > 0)
        {
            var sampler = new Sampler(settings, Description.VocabularySize);
            int longest = prompts.Max(prompt => prompt.Length) + settings.NewTokens;
            int atOnce = (int)Math.Clamp(CacheLength / (KeyValueCache.ColumnLength(Description) * longest), 1, PromptsAtOnce);
            foreach (Continuation[] some in going.OrderBy(continuation => continuation.Unread).Chunk(atOnce))
            {
                Compute(() =>
                {
                    Continue(some, settings, sampler);
                    return true;
                });
                foreach (Continuation continuation in some)
                {
                    results[continuation.Number] = continuation.NewTokens;
                }
            }
        }

        return results;
    }

    private void Continue(Continuation[] continuations, SamplingSettings settings, Sampler sampler)
    {
        var batch = new ContinuationBatch(continuations);
        ScalarType type = _settings.Precision == NumericPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        int columns = (int)Math.Min((long)batch.Columns + settings.NewTokens, batch.Columns + Description.MaximumSequenceLength);
        using var cache = new KeyValueCache(Description, batch.Rows, columns, type, _device);
        while (true)
        {
            using (NewDisposeScope())
            {
                Pick(batch, NextLogits(batch, cache), settings, sampler);
                if (batch.Ended)
                {
                    return;
                }

                if (batch.Compact() is { } kept)
                {
                    cache.Keep(tensor(kept, device: _device));
                }
            }

            batch.Next();
        }
    }

    /// <summary>Reads a batch's tokens; the logits after each row's last: [rows, vocabulary].</summary>
    private Tensor NextLogits(ContinuationBatch batch, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        int rows = batch.Rows, length = batch.Columns, filled = cache.Filled;
        Tensor pads = tensor(batch.Pads.Select(pad => (long)pad).ToArray(), device: _device).view(rows, 1);
        Tensor queries = arange(filled, filled + length, ScalarType.Int64, _device).view(1, length), keys = arange(0, filled + length, ScalarType.Int64, _device);

        // What stands before a sequence, or after its end, has no position of its own, and sees itself: its softmax would be of nothing.
        Tensor positions = queries.sub(pads).clamp(0, Description.MaximumSequenceLength - 1);
        Tensor column = queries.view(1, 1, length, 1);
        Tensor seen = keys.ge(pads.view(rows, 1, 1, 1)).logical_and(keys.le(column)).logical_or(keys.eq(column));
        var context = new SequenceContext(_rotary.At(positions), seen);
        Tensor hidden = Embed(ToDevice(batch.Tokens), rows, length);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Tensor next = _layers[layer].Forward(hidden, context, cache, layer);
            hidden.Dispose();
            hidden = next;
        }

        cache.Advance(length);
        return _head.Logits(_finalNorm.Forward(hidden.select(1, length - 1), context)).MoveToOuterDisposeScope();
    }

    /// <summary>Picks each row's next token: the likeliest on the device, others from the logits in memory, as the managed engine does.</summary>
    private static void Pick(ContinuationBatch batch, Tensor logits, SamplingSettings settings, Sampler sampler)
    {
        if (settings.Temperature == 0)
        {
            using Tensor likeliest = logits.argmax(1).cpu();
            ReadOnlySpan<long> tokens = MemoryMarshal.Cast<byte, long>(likeliest.bytes);
            for (int row = 0; row < batch.Rows; row++)
            {
                if (!batch.Continuations[row].Ended)
                {
                    batch.Continuations[row].Extend((int)tokens[row]);
                }
            }

            return;
        }

        using Tensor onHost = logits.cpu();
        int vocabulary = (int)logits.shape[1];
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(onHost.bytes);
        for (int row = 0; row < batch.Rows; row++)
        {
            if (!batch.Continuations[row].Ended)
            {
                batch.Continuations[row].Extend(values.Slice(row * vocabulary, vocabulary), sampler);
            }
        }
    }
}
