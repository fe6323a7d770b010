using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Exports;

/// <summary>What an archive says of the study itself; the rest of <see cref="StudyView"/> follows from the specification and the runs.</summary>
internal sealed record ArchivedStudy
{
    public required StudyStage Stage { get; init; }

    public required DateTimeOffset Launched { get; init; }

    public required DateTimeOffset? Ended { get; init; }

    public required string Message { get; init; }

    public required ImmutableArray<string> Verdicts { get; init; }

    public required WorkView Preparation { get; init; }

    public required WorkView Comparison { get; init; }

    public static ArchivedStudy Of(StudyView study) => new()
    {
        Stage = study.Stage,
        Launched = study.Launched,
        Ended = study.Ended,
        Message = study.Message,
        Verdicts = study.Verdicts,
        Preparation = study.Preparation,
        Comparison = study.Comparison,
    };

    public StudyView ToView(StudySpecification specification, StudyOrigin origin) => new()
    {
        Id = specification.Name,
        Specification = specification,
        Stage = Stage,
        Launched = Launched,
        Ended = Ended,
        Message = Message,
        Verdicts = Verdicts,
        Preparation = Preparation,
        Comparison = Comparison,
        Origin = origin,
    };
}
