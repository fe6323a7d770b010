using System.Collections.Immutable;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests;

public sealed class StudyLayoutTests
{
    private static readonly StudySpecification Study = new()
    {
        Name = "small",
        Arms = [new ArmSpecification { Name = "full" }, new ArmSpecification { Name = "low-risk", Data = "filtered" }],
        Seeds = [0, 7],
        Amounts = [0.1, 0.25, 0.5],
    };

    [Fact]
    public void Runs_ArmsSeedsAmounts_AreTheirProductWithDistinctIds()
    {
        var ids = StudyLayout.Runs(Study, ImmutableDictionary<string, string>.Empty).Select(StudyLayout.IdOf).ToList();

        Assert.Equal(2 * 2 * 3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(Identifiers.IsValid(id), id));
        Assert.Contains("small-low-risk-a250-s7", ids);
    }

    [Fact]
    public void Runs_PreparedStudy_NameTheDataOfTheirArm()
    {
        var prepared = ImmutableDictionary<string, string>.Empty
            .Add(ArtefactNames.TokenizerKey, "tokenizer-hash")
            .Add(ArtefactNames.DatasetKey(0.25, 7, "filtered"), "data-hash");

        var run = StudyLayout.Runs(Study, prepared).Single(run => StudyLayout.IdOf(run) == "small-low-risk-a250-s7");

        Assert.Equal(("tokenizer-hash", "data-hash"), (run.Tokenizer, run.Dataset));
    }

    [Fact]
    public void Suites_NothingToEvaluateWith_IsPerplexityOnly() =>
        Assert.Equal<string>([SuiteNames.Perplexity], StudyLayout.Suites(new EvaluationSpecification()));
}
