using SlungOrleans.Silo.Api;

namespace SlungOrleans.Silo.Tests.Exports;

/// <summary>Which evaluations a lab lists.</summary>
[Collection(ExportFixture.Name)]
public sealed class EvaluationListTests(ExportFixture fixture)
{
    private const string Run = "small-masked-a300-s1";

    private LocalLab Lab => LocalLab.Of(fixture.Source.Get<IServiceProvider>(), "ada");

    [Fact]
    public async Task Evaluations_OfARunOfTheStudy_AreItsOwn()
    {
        var found = await Lab.EvaluationsAsync(ExportFixture.Study, Run, after: null, default).ToListAsync();

        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.Equal(Run, one.Evaluation.Request!.Run));
    }

    [Fact]
    public async Task Evaluations_OfARunOfAnotherStudy_AreNotLookedFor()
    {
        var fault = await Assert.ThrowsAsync<RequestFault>(async () => await Lab.EvaluationsAsync("nobody", Run, after: null, default).ToListAsync());

        Assert.Equal("There is no study 'nobody'.", fault.Message);
    }
}
