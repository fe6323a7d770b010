using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>What a study remembers: kilobytes. Its runs and evaluations follow from the specification; their state is theirs.</summary>
[GenerateSerializer, Alias("study-grain-state")]
internal sealed class StudyGrainState : WorkGrainState
{
    [Id(0)] public StudySpecification? Specification { get; set; }

    [Id(1)] public StudyStage Stage { get; set; }

    [Id(2)] public DateTimeOffset Launched { get; set; }

    [Id(3)] public DateTimeOffset? Ended { get; set; }

    [Id(4)] public string Message { get; set; } = "";

    [Id(5)] public WorkRecord Preparation { get; set; } = new();

    [Id(6)] public ImmutableArray<string> TaggingJobs { get; set; } = [];

    [Id(7)] public ImmutableArray<string> Verdicts { get; set; } = [];

    [Id(8)] public int RunsDone { get; set; }

    /// <summary>A person holds the study back.</summary>
    [Id(9)] public bool Paused { get; set; }

    [Id(10)] public StudyOrigin? Origin { get; set; }
}
