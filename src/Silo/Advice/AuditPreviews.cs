using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;

namespace SlungOrleans.Silo.Advice;

/// <summary>
/// The audit of matched arms from a sample of the documents: the same mixer as in a study's preparation, on as small a share of the sequences as
/// of the documents, and counts scaled back.
/// </summary>
internal sealed class AuditPreviews(CorpusSamples samples)
{
    private const double CharactersRead = 1_500_000;
    private const double MostCharactersRead = 4 * CharactersRead;

    // Below that, rounding to whole sequences would be most of what is seen.
    private const int FewestPoolSequences = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes the preview.</summary>
    /// <exception cref="LabException">Something that it needs is not there.</exception>
    public async Task<AuditPreview> MakeAsync(StudySpecification study, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        try
        {
            return await Task.Run(() => MakeCoreAsync(study, limited.Token), limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LabException($"The preview was given up after {Patience.TotalSeconds} s: corpora or vocabulary are too large for one.");
        }
        catch (Exception exception) when (exception is CorpusFormatException or ArmMixingException)
        {
            throw new LabException(exception.Message);
        }
    }

    private async Task<AuditPreview> MakeCoreAsync(StudySpecification study, CancellationToken stop)
    {
        var text = new List<(string Name, CorpusSample Sample)>();
        var pool = new List<(string Name, CorpusSample Sample)>();
        foreach (var name in study.Data.Base)
        {
            text.Add((name, await samples.OpenAsync(study, name, tagger: null)));
        }

        foreach (var name in study.Data.HighRisk)
        {
            pool.Add((name, await samples.OpenAsync(study, name, study.Data.Tagger)));
        }

        var share = ShareOf(study, text.Concat(pool).Sum(corpus => corpus.Sample.Characters));
        var textSplit = HeldOutSplit.Split(Read(text, share, stop), study.Data.HeldOutShare);
        var poolSplit = HeldOutSplit.Split(Read(pool, share, stop), study.Data.HeldOutShare);
        var tokenizer = study.Model.From is not null ? ModelFolders.LoadTokenizer(ModelFolders.Resolve(study.Model, hash: false)) : BytePairTokenizer.Train(textSplit.Training.Concat(poolSplit.Training).Select(document => document.Text), study.Tokenizer.VocabularySize, stop);
        var sequences = Math.Max(1, (int)Math.Round(study.Data.Sequences * share));
        var mixer = new ArmMixer(
            tokenizer,
            textSplit.Training,
            poolSplit.Training,
            CorpusMapping.ToMixing(study, sequences),
            stop);
        return Mix(study, mixer, (double)study.Data.Sequences / sequences, share, stop);
    }

    private static double ShareOf(StudySpecification study, double characters)
    {
        var smallest = study.Amounts.Min() * study.Data.Sequences;
        var wanted = Math.Max(CharactersRead / characters, FewestPoolSequences / Math.Max(smallest, 1));
        return Math.Min(1, Math.Min(wanted, MostCharactersRead / characters));
    }

    private static AuditPreview Mix(StudySpecification study, ArmMixer mixer, double scale, double share, CancellationToken stop)
    {
        var audit = new ArmAudit();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var amount in study.Amounts)
        {
            if (amount > mixer.LargestAmount)
            {
                faults.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"amounts: {amount} of {study.Data.Sequences} sequences is more high-risk text than a seed's part of the pool has; for {study.Seeds.Length} seeds the largest amount is about {mixer.LargestAmount:0.###}."));
                continue;
            }

            foreach (var arms in study.Arms.GroupBy(arm => arm.Data))
            {
                stop.ThrowIfCancellationRequested();
                var mixed = mixer.Mix(ArmData.ToText(arms.Key), study.Seeds[0], amount);
                foreach (var arm in arms)
                {
                    audit.Add(arm.Name, mixed, PrepareWork.LossBearing(arm));
                }
            }
        }

        var table = audit.Build();
        return new AuditPreview([.. table.Rows.Select(row => ToRow(row, scale))], share, [.. faults, .. table.Faults]);
    }

    private static AuditPreviewRow ToRow(ArmAuditRow row, double scale)
    {
        return new AuditPreviewRow(
            row.Arm, row.Text.ToString().ToLowerInvariant(), row.Amount, Scaled(row.Sequences), Scaled(row.PoolSequences), Scaled(row.Tokens), Scaled(row.Labels.Benign),
            Scaled(row.Labels.Middle), Scaled(row.Labels.HighRisk), Scaled(row.LossBearingTokens), Scaled(row.BaseDocuments), Scaled(row.PoolDocuments), row.BaseEpochs);

        long Scaled(long value) => (long)Math.Round(value * scale);
    }

    private static List<Document> Read(List<(string Name, CorpusSample Sample)> corpora, double share, CancellationToken stop)
    {
        var read = new List<Document>();
        foreach (var (name, sample) in corpora)
        {
            foreach (var document in sample.Take(share))
            {
                stop.ThrowIfCancellationRequested();
                read.Add(CorpusFiles.Qualify(name, document));
            }
        }

        return read;
    }
}
