using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Grains;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>Makes what all runs of a study share: held-out documents, the tokenizer, a data set for every amount, seed and text, and the audit of the arms.</summary>
internal sealed class PrepareWork(CorpusFiles corpora, Datasets datasets, IBlobStore store, IGrainFactory grains) : IWork
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public WorkKind Kind => WorkKind.Prepare;

    public WorkOutcome Run(WorkContext context)
    {
        var study = grains.GetGrain<IStudyGrain>(context.Key).GetAsync().GetAwaiter().GetResult().Specification
            ?? throw new LabException($"There is no study '{context.Key}'.");
        context.Report("reading corpora", 0, 0);
        var text = HeldOutSplit.Split(ReadAll(study.Data.Base, (corpus, version) => corpora.Read(corpus, version)), study.Data.HeldOutShare);
        var pool = HeldOutSplit.Split(
            ReadAll(study.Data.HighRisk, (corpus, version) => corpora.ReadTagged(corpus, version, TaggingJobs.IdFor(corpus, version, study.Data.Tagger))),
            study.Data.HeldOutShare);
        WriteDocuments(ArtefactNames.HeldOutBase(study.Name), text.HeldOut);
        WriteDocuments(ArtefactNames.HeldOutHighRisk(study.Name), pool.HeldOut);

        context.Report(study.Model.From is null ? "training the tokenizer" : "reading the model folder", 0, 0);
        var files = ModelFolders.HashFiles(study.Model);
        var tokenizer = files is not null
            ? ModelFolders.LoadTokenizer(study.Model)
            : BytePairTokenizer.Train(text.Training.Concat(pool.Training).Select(document => document.Text), study.Tokenizer.VocabularySize, context.Stop);
        context.Report("encoding", 0, 0);
        var mixer = new ArmMixer(
            datasets.EncoderOf(tokenizer),
            text.Training,
            pool.Training,
            new ArmMixerSettings
            {
                Sequences = study.Data.Sequences,
                SequenceLength = study.Model.SequenceLength,
                Seeds = study.Seeds,
                Thresholds = CorpusMapping.ToThresholds(study.Data),
            },
            context.Stop);

        var names = ImmutableDictionary.CreateBuilder<string, string>();
        names[ArtefactNames.TokenizerKey] = datasets.Save(tokenizer);
        var audit = new ArmAudit();
        MixArms(context, study, mixer, audit, names);
        var table = audit.Build();
        store.WriteTextAsync(ArtefactNames.Audit(study.Name), JsonSerializer.Serialize(table, Json), WriteCondition.None).GetAwaiter().GetResult();
        if (table.Faults.Count > 0)
        {
            throw new LabException($"The arms are not matched: {string.Join(" ", table.Faults)}");
        }

        var plan = new
        {
            FormatVersion = 1,
            study.Name,
            Artefacts = names.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Start = files is null ? null : new { study.Model.From, Sha256 = study.Model.FromSha256, study.Model.MomentSteps, Files = files },
        };
        store.WriteTextAsync(ArtefactNames.Plan(study.Name), JsonSerializer.Serialize(plan, Json), WriteCondition.None).GetAwaiter().GetResult();
        return new WorkOutcome
        {
            State = WorkState.Completed,
            Artefact = ArtefactNames.Plan(study.Name),
            Names = names.ToImmutable(),
            Numbers = ImmutableDictionary<string, double>.Empty
                .Add("vocabulary", tokenizer.VocabularySize)
                .Add("held-out-base", text.HeldOut.Count)
                .Add("held-out-high-risk", pool.HeldOut.Count),
        };
    }

    private void MixArms(WorkContext context, StudySpecification study, ArmMixer mixer, ArmAudit audit, ImmutableDictionary<string, string>.Builder names)
    {
        var texts = study.Arms.GroupBy(arm => arm.Data).ToList();
        var total = study.Amounts.Length * study.Seeds.Length * texts.Count;
        var done = 0;
        foreach (var amount in study.Amounts)
        {
            foreach (var seed in study.Seeds)
            {
                foreach (var arms in texts)
                {
                    context.Stop.ThrowIfCancellationRequested();
                    context.Report("packing", done++, total);
                    var mixed = mixer.Mix(ArmData.ToText(arms.Key), seed, amount);
                    names[ArtefactNames.DatasetKey(amount, seed, arms.Key)] = datasets.Save(mixed.Dataset);
                    foreach (var arm in arms)
                    {
                        audit.Add(arm.Name, mixed, LossBearing(arm));
                    }
                }
            }
        }
    }

    /// <summary>The labels whose tokens bear a loss in an arm.</summary>
    internal static List<RiskLabel> LossBearing(ArmSpecification arm)
    {
        var routing = TrainingMapping.ToRouting(arm);
        return [.. Enum.GetValues<RiskLabel>().Where(label => routing[(byte)label] != LossKind.None)];
    }

    /// <summary>The documents of corpora, from the store at every reading: of the versions that are the newest now.</summary>
    private IEnumerable<Document> ReadAll(IEnumerable<string> names, Func<string, string, IEnumerable<Document>> read)
    {
        (string Corpus, string Version)[] versions = [.. names.Select(corpus => (corpus, corpora.VersionOfAsync(corpus).GetAwaiter().GetResult()))];
        return versions.SelectMany(version => read(version.Corpus, version.Version).Select(document => CorpusFiles.Qualify(version.Corpus, document)));
    }

    private void WriteDocuments(string name, IReadOnlyList<Document> documents)
    {
        using var content = new MemoryStream();
        foreach (var document in documents)
        {
            DocumentJson.Write(content, document);
        }

        content.Position = 0;
        store.WriteAsync(name, content, WriteCondition.None).GetAwaiter().GetResult();
    }
}
