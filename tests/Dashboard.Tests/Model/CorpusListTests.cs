using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class CorpusListTests
{
    private static readonly ImmutableArray<CorpusView> Corpora =
    [
        Corpus("pool", 300, "forum.jsonl"), Corpus("base", 1000, "pages.jsonl"), Corpus("comments", 20, "comments.csv"),
        new CorpusView { Name = "broken", Specification = new CorpusSpecification { Path = "/x/other.csv" }, Import = new WorkView { State = WorkState.Failed, Message = "There is no file." } },
    ];

    [Theory]
    [InlineData(null, null, "base broken comments pool")]
    [InlineData(null, "-corpus", "pool comments broken base")]
    [InlineData(null, "documents", "broken comments pool base")]
    [InlineData(null, "-documents", "base pool comments broken")]
    [InlineData(null, "nothing", "base broken comments pool")]
    [InlineData("csv", null, "broken comments")]
    [InlineData("CSV comm", null, "comments")]
    [InlineData("no file", null, "broken")]
    [InlineData("absent", null, "")]
    public void Apply_OfAnAddress_ListsWhatItSays(string? search, string? sort, string expected) =>
        Assert.Equal(expected, string.Join(' ', CorpusList.Of(search, sort).Apply(Corpora).Select(corpus => corpus.Name)));

    [Theory]
    [InlineData(null, null)]
    [InlineData("a b", "-spans")]
    [InlineData(null, "documents")]
    [InlineData(null, "-corpus")]
    public void ToQuery_OfAList_ReadsAsTheList(string? search, string? sort)
    {
        var list = CorpusList.Of(search, sort);
        var query = list.ToQuery();

        Assert.Equal(list, CorpusList.Of((string?)query["q"], (string?)query["sort"]));
        Assert.Equal(sort, (string?)query["sort"]);
    }

    [Fact]
    public void SortBy_TheSameColumnAgain_TurnsTheOrder()
    {
        var byDocuments = CorpusList.Default.SortBy(CorpusColumn.Documents);

        Assert.True(byDocuments.Descending);
        Assert.False(byDocuments.SortBy(CorpusColumn.Documents).Descending);
        Assert.False(byDocuments.SortBy(CorpusColumn.Source).Descending);
    }

    private static CorpusView Corpus(string name, int documents, string file) => new()
    {
        Name = name,
        Specification = new CorpusSpecification { Name = name, Path = $"/data/{file}" },
        Import = new WorkView { State = WorkState.Completed, Numbers = ImmutableDictionary<string, double>.Empty.Add("documents", documents) },
    };
}
