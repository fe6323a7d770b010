namespace SlungOrleans.Training.Managed;

internal sealed unsafe partial class ManagedModel
{
    public float[][] Score(IReadOnlyList<int[]> sequences)
    {
        float[][] scores = new float[sequences.Count][];
        ForEachSequence(sequences, (pass, number) =>
        {
            int[] tokens = sequences[number];
            scores[number] = new float[tokens.Length - 1];
            pass.Forward(tokens);
            pass.Score(tokens, scores[number]);
        });
        return scores;
    }

    public float[][] LastHiddenStates(IReadOnlyList<int[]> sequences)
    {
        float[][] states = new float[sequences.Count][];
        ForEachSequence(sequences, (pass, number) =>
        {
            int[] tokens = sequences[number];
            pass.Forward(tokens);
            states[number] = pass.FinalState(tokens.Length - 1).ToArray();
        });
        return states;
    }

    private void ForEachSequence(IReadOnlyList<int[]> sequences, Action<SequencePass, int> ask)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int longest = ModelInputs.CheckSequences(Description, sequences);
        if (longest > 0)
        {
            _packed.Refresh(_team);
            ReservePasses(longest, training: false);
            _team.ForEach(sequences.Count, (worker, number) => ask(_passes[worker]!, number));
        }
    }
}
