using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class StudyListTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 15, 0, 0, TimeSpan.Zero);

    private static readonly StudySummary[] Studies =
    [
        Study("bravo", StudyStage.Completed, minutesAgo: 90, minutes: 10, runsDone: 6, runs: 6, arms: ["full", "masked"], verdict: "masked: better."),
        Study("alpha", StudyStage.Running, minutesAgo: 30, minutes: null, runsDone: 1, runs: 15, arms: ["full"]),
        Study("charlie", StudyStage.Failed, minutesAgo: 60, minutes: 1, runsDone: 0, runs: 6, arms: ["control", "full", "masked"], message: "Corpus 'forum' is away."),
    ];

    [Theory]
    [InlineData(null, null, null, "alpha charlie bravo")]
    [InlineData(null, null, "study", "alpha bravo charlie")]
    [InlineData(null, null, "-study", "charlie bravo alpha")]
    [InlineData(null, null, "state", "alpha bravo charlie")]
    [InlineData(null, null, "-arms", "charlie bravo alpha")]
    [InlineData(null, null, "-runs", "bravo alpha charlie")]
    [InlineData(null, null, "duration", "charlie bravo alpha")]
    [InlineData(null, null, "-verdict", "bravo alpha charlie")]
    [InlineData(null, null, "nonsense", "alpha charlie bravo")]
    [InlineData(null, "completed,failed", null, "charlie bravo")]
    [InlineData(null, "under-way", null, "alpha")]
    [InlineData(null, "nonsense", null, "alpha charlie bravo")]
    [InlineData("FORUM away", null, null, "charlie")]
    [InlineData("masked", null, "launched", "bravo charlie")]
    [InlineData("nothing", null, null, "")]
    public void Apply_PartsOfAnAddress_ListsAndOrders(string? search, string? states, string? sort, string expected) =>
        Assert.Equal(expected, string.Join(' ', StudyList.Of(search, states, sort).Apply(Studies, Now).Select(study => study.Id)));

    [Theory]
    [InlineData("forum", "completed,failed", "-runs")]
    [InlineData("", null, null)]
    [InlineData("a b", "cancelled", "study")]
    public void ToQuery_List_ReadsBackAsTheSame(string search, string? states, string? sort)
    {
        var list = StudyList.Of(search, states, sort);
        var query = list.ToQuery();
        var again = StudyList.Of((string?)query["q"], (string?)query["state"], (string?)query["sort"]);

        Assert.Equal(list with { Groups = [] }, again with { Groups = [] });
        Assert.Equal(list.Groups.AsEnumerable(), again.Groups);
        Assert.Equal(states, query["state"]);
        Assert.Equal(sort, query["sort"]);
    }

    [Fact]
    public void SortBy_SameColumnAgain_TurnsTheOrder()
    {
        var byRuns = StudyList.Default.SortBy(StudyColumn.Runs);

        Assert.True(byRuns.Descending);
        Assert.False(byRuns.SortBy(StudyColumn.Runs).Descending);
        Assert.False(StudyList.Default.SortBy(StudyColumn.Study).Descending);
    }

    private static StudySummary Study(
        string id, StudyStage stage, int minutesAgo, int? minutes, int runsDone, int runs, ImmutableArray<string> arms, string message = "", string verdict = "") => new()
        {
            Id = id,
            Stage = stage,
            Launched = Now.AddMinutes(-minutesAgo),
            Ended = minutes is { } lasted ? Now.AddMinutes(lasted - minutesAgo) : null,
            Arms = arms,
            Seeds = 3,
            RunsDone = runsDone,
            Runs = runs,
            Message = message,
            Verdict = verdict,
        };
}
