namespace SlungOrleans.Training.Managed;

internal sealed unsafe partial class ManagedModel
{
    public int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams) => throw new NotSupportedException();
}
