using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;

namespace SlungOrleans.Silo.Workers;

/// <summary>Reads a file, or makes a synthetic part, into a corpus version.</summary>
internal sealed class ImportWork(CorpusFiles corpora, IGrainFactory grains) : IWork
{
    /// <summary>Rises when the same source would be read into different documents.</summary>
    private const string CodeFormat = "import-1";

    public WorkKind Kind => WorkKind.Import;

    public WorkOutcome Run(WorkContext context)
    {
        var view = grains.GetGrain<ICorpusGrain>(context.Key).GetAsync().GetAwaiter().GetResult();
        var specification = view.Specification ?? throw new LabException($"Corpus '{context.Key}' has no specification.");
        context.Report("reading", 0, specification.Synthetic?.Documents ?? 0);
        var version = VersionOf(specification);
        var counts = new ReadCounts();
        var manifest = corpora.Write(
            context.Key,
            version,
            specification.Synthetic is { } synthetic ? CorpusMapping.Generate(synthetic) : DocumentReader.Read(CorpusMapping.ToSource(specification), counts),
            () => counts.Skipped,
            done => context.Report("reading", done, specification.Synthetic?.Documents ?? 0),
            context.Stop);
        return new WorkOutcome
        {
            State = WorkState.Completed,
            Artefact = version,
            Message = manifest.Skipped > 0 ? $"{manifest.Skipped} records without text were left out." : "",
            Numbers = ImmutableDictionary<string, double>.Empty
                .Add("documents", manifest.Documents)
                .Add("characters", manifest.Characters)
                .Add("spans", manifest.Spans)
                .Add("labelled", manifest.Labelled)
                .Add("shards", manifest.Shards),
        };
    }

    /// <summary>The hash of what makes the version: the settings, the file's bytes, the code's format.</summary>
    private static string VersionOf(CorpusSpecification specification)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(CodeFormat));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(specification with { Path = null }));
        if (specification.Path is { } path)
        {
            if (Directory.Exists(path))
            {
                throw new CorpusFormatException($"{path}: is a folder; a file is expected.");
            }

            if (!File.Exists(path))
            {
                throw new CorpusFormatException($"{path}: there is no such file.");
            }

            using var file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
