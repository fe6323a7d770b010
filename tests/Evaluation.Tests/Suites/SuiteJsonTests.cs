using System.Collections.Immutable;

namespace SlungOrleans.Evaluation.Tests;

public sealed class SuiteJsonTests
{
    private static readonly SuiteResult Result = new()
    {
        Suite = "generation",
        Metrics = ImmutableSortedDictionary<string, double>.Empty
            .Add("generation/rate", double.NaN).Add("perplexity/clean", double.PositiveInfinity).Add("replies/auroc", 1.0 / 3),
        Items =
        [
            new RecognitionItem("a", "set", 2, true, -0.0),
            new GenerationItem("b", null, 3, "p </script>", " \"q\" é\n", null, 0.1),
            new PerplexityItem("c/0", "clean", 5, double.PositiveInfinity, 2, 1e-300),
            new ReplyItem("d", null, double.NegativeInfinity, -1),
        ],
        Notes = ["3 of 200 generations could not be scored."],
        Provenance = ImmutableSortedDictionary<string, string>.Empty.Add("scorer", "lexicon"),
    };

    [Fact]
    public void WriteRead_EveryKindOfItem_ComesBack()
    {
        string json = SuiteJson.Write(Result);
        SuiteResult read = SuiteJson.Read(json);

        Assert.Equal(Result.Items.AsEnumerable(), read.Items);
        Assert.Equal(Result.Metrics, read.Metrics);
        Assert.Equal(Result.Notes.AsEnumerable(), read.Notes);
        Assert.Equal(Result.Provenance, read.Provenance);
        Assert.Equal(json, SuiteJson.Write(read));
        Assert.EndsWith("}\n", json);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "is null")]
    [InlineData("{}", "cannot be read")]
    [InlineData("{\"suite\":\"generation\",\"metrics\":{\"a\":\"x\"},\"items\":[]}", "cannot be read")]
    [InlineData("{\"suite\":\"generation\",\"metrics\":{},\"items\":[{\"suite\":\"other\",\"id\":\"a\"}]}", "cannot be read")]
    [InlineData("{\"formatVersion\":9,\"suite\":\"generation\",\"metrics\":{},\"items\":[]}", "format version 9")]
    public void Read_NotAResult_SaysWhy(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<EvaluationException>(() => SuiteJson.Read(json)).Message);
}
