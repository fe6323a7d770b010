#if USE_TORCHSHARP
namespace SlungOrleans.Training.TorchSharp.Tests;

public sealed class GroupsTests
{
    [Fact]
    public void Groups_SequencesOfManyLengths_HaveEachOnceAndNoMoreTokensThanAllowed()
    {
        int[][] sequences = [.. Enumerable.Range(0, 300).Select(number => new int[1 + (number * 37 % 101)])];
        int[][] groups = [.. TorchModel.Groups(sequences, 1000)];
        Assert.Equal(Enumerable.Range(0, 300), groups.SelectMany(group => group).Order());
        Assert.All(groups, group =>
        {
            Assert.Equal(group.Max(number => sequences[number].Length), sequences[group[^1]].Length);
            Assert.InRange(group.Length * sequences[group[^1]].Length, 1, 1000);
        });
        Assert.InRange(groups.Length, 2, sequences.Sum(tokens => tokens.Length) / 500);
    }

    [Fact]
    public void Groups_ASequenceLongerThanAllowed_IsAlone() =>
        Assert.Equal([[1], [0], [2]], TorchModel.Groups([new int[20], new int[5], new int[30]], 10));
}
#endif
