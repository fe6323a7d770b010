using System.Security.Cryptography;
using SlungOrleans.Contracts;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Exports;

/// <summary>What a study's figures were made of: every input by the hash of its content.</summary>
internal sealed record StudyLineage
{
    /// <summary>Version of this record's form.</summary>
    public int FormatVersion { get; init; } = 1;

    public required string Study { get; init; }

    /// <summary>The version of the lab that made the comparison.</summary>
    public required string Lab { get; init; }

    /// <summary>SHA-256 of the specification as JSON.</summary>
    public required string Specification { get; init; }

    /// <summary>Corpora that the study reads, by name, with their versions.</summary>
    public required ImmutableArray<CorpusLineage> Corpora { get; init; }

    /// <summary>Hash of the tokenizer.</summary>
    public required string Tokenizer { get; init; }

    public required ImmutableArray<RunLineage> Runs { get; init; }

    public required ImmutableArray<EvaluationLineage> Evaluations { get; init; }

    /// <summary>As it was noted when the comparison was made, as JSON; of a study of an earlier version, which noted none, as it is now.</summary>
    public static async Task<byte[]> ReadOrMakeAsync(StudyView study, IGrainFactory grains, IBlobStore store, CancellationToken cancellation) =>
        await store.GetInfoAsync(ArtefactNames.Lineage(study.Id), cancellation) is null
            ? ArchiveJson.Write(await OfAsync(study, grains, store, cancellation))
            : await store.ReadAllBytesAsync(ArtefactNames.Lineage(study.Id), cancellation);

    /// <summary>Puts together what is known of a study.</summary>
    public static async Task<StudyLineage> OfAsync(StudyView study, IGrainFactory grains, IBlobStore store, CancellationToken cancellation)
    {
        var specification = study.Specification ?? throw new LabException($"There is no study '{study.Id}'.");
        var runs = ImmutableArray.CreateBuilder<RunLineage>();
        var evaluations = ImmutableArray.CreateBuilder<EvaluationLineage>();
        foreach (var id in ArchiveEntries.RunsOf(specification))
        {
            runs.Add(await OfRunAsync(id, grains, store, cancellation));
            foreach (var evaluation in ArchiveEntries.EvaluationsOf(id, specification.Training))
            {
                if (await store.GetInfoAsync(ArtefactNames.Evaluation(evaluation), cancellation) is not null)
                {
                    evaluations.Add(new EvaluationLineage(evaluation, HashOf(await store.ReadAllBytesAsync(ArtefactNames.Evaluation(evaluation), cancellation))));
                }
            }
        }

        return new StudyLineage
        {
            Study = study.Id,
            Lab = LabVersion.Text,
            Specification = HashOf(ArchiveJson.Write(specification)),
            Corpora = await OfCorporaAsync(specification, grains),
            Tokenizer = study.Preparation.Names.GetValueOrDefault(ArtefactNames.TokenizerKey, ""),
            Runs = runs.ToImmutable(),
            Evaluations = evaluations.ToImmutable(),
        };
    }

    private static async Task<RunLineage> OfRunAsync(string id, IGrainFactory grains, IBlobStore store, CancellationToken cancellation)
    {
        var run = await grains.GetGrain<ITrainingRunGrain>(id).GetAsync();
        var checkpoints = await new CheckpointStore(store, ArtefactNames.Checkpoints(id)).ListAsync(cancellation);
        var last = checkpoints.MaxBy(checkpoint => checkpoint.Step);
        return new RunLineage(id, run.Specification?.Dataset ?? "", last?.SettingsHash ?? "", last?.CreatedBy ?? "", last?.Step ?? 0, run.Training.Artefact);
    }

    private static async Task<ImmutableArray<CorpusLineage>> OfCorporaAsync(StudySpecification study, IGrainFactory grains)
    {
        var tagger = study.Data.Tagger;
        var names = study.Data.Base
            .Concat(study.Data.HighRisk)
            .Concat(tagger.TrainedOn)
            .Concat(tagger.WordList is { } words ? [words] : [])
            .Concat(study.Evaluation.Recognition)
            .Concat(study.Evaluation.Prompts)
            .Concat(study.Evaluation.Replies)
            .Concat(study.Evaluation.Scorer.Corpora)
            .Distinct()
            .Order(StringComparer.Ordinal);
        var corpora = ImmutableArray.CreateBuilder<CorpusLineage>();
        foreach (var name in names)
        {
            var corpus = await grains.GetGrain<ICorpusGrain>(name).GetAsync();
            var tagged = study.Data.HighRisk.Contains(name) && corpus.Version.Length > 0 ? Grains.TaggingJobs.IdFor(name, corpus.Version, tagger) : null;
            corpora.Add(new CorpusLineage(name, corpus.Version, tagged));
        }

        return corpora.ToImmutable();
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

/// <summary>A corpus that a study reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, a hash.</param>
/// <param name="Tags">The tagging job whose scores were used, named by corpus, version, tagger and hash of the tagger's settings; null if none were.</param>
internal sealed record CorpusLineage(string Name, string Version, string? Tags);

/// <summary>What a run was made of.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Dataset">Hash of the packed data set.</param>
/// <param name="Settings">Hash of the settings that its numbers depend on.</param>
/// <param name="Code">The program and engine.</param>
/// <param name="Step">The step of the last checkpoint.</param>
/// <param name="Weights">Hash of the weights that it came to.</param>
internal sealed record RunLineage(string Run, string Dataset, string Settings, string Code, long Step, string Weights);

/// <summary>What an evaluation came to.</summary>
/// <param name="Evaluation">Its id.</param>
/// <param name="Result">SHA-256 of the result.</param>
internal sealed record EvaluationLineage(string Evaluation, string Result);
