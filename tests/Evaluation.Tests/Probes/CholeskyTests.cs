namespace SlungOrleans.Evaluation.Tests;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    public void Solve_PositiveDefinite_SatisfiesTheSystem(int size)
    {
        var random = new Random(size);
        double[][] rows = [.. Enumerable.Range(0, 2 * size).Select(_ => Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5).ToArray())];
        double Entry(int i, int j) => rows.Sum(row => row[i] * row[j]);
        double[] right = [.. Enumerable.Range(0, size).Select(i => (double)i - 3)];

        // Only the lower half may be read.
        double[] matrix = [.. from column in Enumerable.Range(0, size) from row in Enumerable.Range(0, size) select row >= column ? Entry(row, column) : double.NaN];
        double[] solution = [.. right];
        Cholesky.Solve(matrix, solution);

        for (int i = 0; i < size; i++)
        {
            Assert.Equal(right[i], Enumerable.Range(0, size).Sum(j => Entry(i, j) * solution[j]), 8);
        }
    }

    [Fact]
    public void Solve_NotPositiveDefinite_IsRefused() =>
        Assert.Contains("at parameter 1", Assert.Throws<EvaluationException>(() => Cholesky.Solve([1, 2, 2, 1], [1, 1])).Message);
}
