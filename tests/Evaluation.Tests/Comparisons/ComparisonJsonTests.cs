namespace SlungOrleans.Evaluation.Tests;

public sealed class ComparisonJsonTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WriteRead_Comparison_ComesBack(int seeds)
    {
        Comparison comparison = Studies.Typical([.. Enumerable.Range(1, seeds)], [0.1, 0.2]);

        string json = ComparisonJson.Write(comparison);
        Comparison read = ComparisonJson.Read(json);

        Assert.Equal(json, ComparisonJson.Write(read));
        Assert.Equal(comparison.Differences.AsEnumerable(), read.Differences);
        Assert.Equal(comparison.Summaries.AsEnumerable(), read.Summaries);
        Assert.Equal(comparison.Metrics.AsEnumerable(), read.Metrics);
        Assert.Equal(comparison.Verdicts.AsEnumerable(), read.Verdicts);
        Assert.Equal(comparison.Runs.Select(run => run.Metrics.ToArray()), read.Runs.Select(run => run.Metrics.ToArray()));
        Assert.Equal(seeds == 1, json.Contains("\"low\": \"NaN\"", StringComparison.Ordinal));
        Assert.Contains("\"axis\": \"recognition\"", json);
        Assert.DoesNotContain('<', json);
        Assert.EndsWith("}\n", json);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"study\":\"s\"}")]
    [InlineData("{")]
    public void Read_NotAComparison_SaysWhy(string json) =>
        Assert.StartsWith("The comparison cannot be read", Assert.Throws<EvaluationException>(() => ComparisonJson.Read(json)).Message);

    [Fact]
    public void Read_OtherVersion_SaysWhich()
    {
        string json = ComparisonJson.Write(Studies.Typical([1, 2], [0.1])).Replace("\"formatVersion\": 1", "\"formatVersion\": 2", StringComparison.Ordinal);

        Assert.Contains("format version 2; 1 is expected", Assert.Throws<EvaluationException>(() => ComparisonJson.Read(json)).Message);
    }
}
