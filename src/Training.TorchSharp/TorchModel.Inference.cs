using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

internal sealed partial class TorchModel
{
    /// <summary>Tokens, padding included, that are asked at a time.</summary>
    private const int TokensAtOnce = 16 * 1024;

    public float[][] Score(IReadOnlyList<int[]> sequences) => Ask(sequences, (numbers, longest, hidden) =>
    {
        var rows = new TargetRows();
        for (int place = 0; place < numbers.Length; place++)
        {
            int[] tokens = sequences[numbers[place]];
            for (int position = 1; position < tokens.Length; position++)
            {
                rows.Add(((long)place * longest) + position - 1, tokens[position]);
            }
        }

        float[] all = [];
        if (rows.Count > 0)
        {
            Tensor taken = hidden.view(-1, Description.HiddenSize).index_select(0, tensor(rows.Rows.ToArray(), device: _device));
            all = ToHost(_head.LogProbabilities(taken, tensor(rows.Targets.ToArray(), device: _device)));
        }

        var scores = new List<float[]>();
        int next = 0;
        foreach (int number in numbers)
        {
            scores.Add(all[next..(next += sequences[number].Length - 1)]);
        }

        return scores;
    });

    public float[][] LastHiddenStates(IReadOnlyList<int[]> sequences) => Ask(sequences, (numbers, longest, hidden) =>
    {
        long[] rows = [.. numbers.Select((number, place) => ((long)place * longest) + sequences[number].Length - 1)];
        float[] all = ToHost(hidden.view(-1, Description.HiddenSize).index_select(0, tensor(rows, device: _device)).view(-1));
        return [.. all.Chunk(Description.HiddenSize)];
    });

    /// <summary>Asks something of the final hidden states of sequences, those of similar length together.</summary>
    private float[][] Ask(IReadOnlyList<int[]> sequences, Func<int[], int, Tensor, IReadOnlyList<float[]>> ask)
    {
        ModelInputs.CheckSequences(Description, sequences);
        float[][] answers = new float[sequences.Count][];
        foreach (int[] numbers in Groups(sequences, TokensAtOnce))
        {
            int longest = sequences[numbers[^1]].Length;
            IReadOnlyList<float[]> answered = Compute(() => ask(numbers, longest, FinalStates(numbers, longest, sequences)));
            for (int place = 0; place < numbers.Length; place++)
            {
                answers[numbers[place]] = answered[place];
            }
        }

        return answers;
    }

    /// <summary>Sequences with zeros after them, which no token before them sees: [sequences, longest, hidden size].</summary>
    private Tensor FinalStates(int[] numbers, int longest, IReadOnlyList<int[]> sequences)
    {
        using var scope = NewDisposeScope();
        int[] tokens = new int[numbers.Length * longest];
        for (int place = 0; place < numbers.Length; place++)
        {
            sequences[numbers[place]].CopyTo(tokens, place * longest);
        }

        SequenceContext context = ContextOf(longest, sameDocument: null);
        Tensor hidden = Embed(ToDevice(tokens), numbers.Length, longest);
        foreach (DecoderLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, context);
            hidden.Dispose();
            hidden = next;
        }

        return _finalNorm.Forward(hidden, context).MoveToOuterDisposeScope();
    }

    /// <summary>The sequences' numbers by length, in groups of so many tokens with padding; each group's last is its longest.</summary>
    internal static IEnumerable<int[]> Groups(IReadOnlyList<int[]> sequences, int tokensAtOnce)
    {
        var group = new List<int>();
        foreach (int number in Enumerable.Range(0, sequences.Count).OrderBy(number => sequences[number].Length))
        {
            if (group.Count > 0 && (group.Count + 1L) * sequences[number].Length > tokensAtOnce)
            {
                yield return [.. group];
                group.Clear();
            }

            group.Add(number);
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    private static float[] ToHost(Tensor values)
    {
        using Tensor onHost = values.contiguous().cpu();
        return MemoryMarshal.Cast<byte, float>(onHost.bytes).ToArray();
    }
}
