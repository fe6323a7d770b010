using System.Globalization;

namespace SlungOrleans.Contracts;

/// <summary>Where an artefact lies in the blob store. Every part is an <see cref="Identifiers">identifier</see> or a hash in lower-case hexadecimal.</summary>
public static class ArtefactNames
{
    /// <summary>A shard of a corpus version: JSON lines, one document each.</summary>
    public static string CorpusShard(string corpus, string version, int shard) => $"corpora/{corpus}/{version}/documents-{shard:D5}.jsonl";

    /// <summary>The manifest of a corpus version: counts, source, hash of each shard.</summary>
    public static string CorpusManifest(string corpus, string version) => $"corpora/{corpus}/{version}/manifest.json";

    /// <summary>The tags of a shard: JSON lines, row-aligned with the shard, spans with scores.</summary>
    public static string TagShard(string job, int shard) => $"tags/{job}/spans-{shard:D5}.jsonl";

    /// <summary>A tokenizer, in the form of Hugging Face's tokenizer.json.</summary>
    public static string Tokenizer(string hash) => $"tokenizers/{hash}/tokenizer.json";

    /// <summary>The folder of a packed data set: <c>input_ids</c>, <c>label_mask</c> and <c>manifest.json</c>.</summary>
    public static string Dataset(string hash) => $"datasets/{hash}";

    /// <summary>The key under which a study's preparation names a packed data set: its amount, seed and text (<see cref="ArmSpecification.Data"/>).</summary>
    public static string DatasetKey(double amount, int seed, string data) => string.Create(CultureInfo.InvariantCulture, $"dataset/{amount}/{seed}/{data}");

    /// <summary>The key under which a study's preparation names the tokenizer.</summary>
    public const string TokenizerKey = "tokenizer";

    /// <summary>What a study's preparation made: the tokenizer, a data set for every arm, seed and amount, the held-out documents.</summary>
    public static string Plan(string study) => $"studies/{study}/plan.json";

    /// <summary>A study's held-out base documents, which no arm trains on: JSON lines.</summary>
    public static string HeldOutBase(string study) => $"studies/{study}/held-out-base.jsonl";

    /// <summary>A study's held-out documents of the pool, with their scored spans: JSON lines.</summary>
    public static string HeldOutHighRisk(string study) => $"studies/{study}/held-out-high-risk.jsonl";

    /// <summary>The audit of a study's matched arms.</summary>
    public static string Audit(string study) => $"studies/{study}/audit.json";

    /// <summary>A study's comparison, as JSON.</summary>
    public static string Comparison(string study) => $"studies/{study}/comparison.json";

    /// <summary>A study's comparison, as one self-contained HTML page.</summary>
    public static string Report(string study) => $"studies/{study}/report.html";

    /// <summary>What a study's figures were made of, with hashes, as JSON.</summary>
    public static string Lineage(string study) => $"studies/{study}/lineage.json";

    /// <summary>The folder of a run's metric segments.</summary>
    public static string Metrics(string run) => $"runs/{run}/metrics";

    /// <summary>The folder of a run's checkpoints.</summary>
    public static string Checkpoints(string run) => $"runs/{run}/checkpoints";

    /// <summary>What the replay of a run's last steps came to, as JSON.</summary>
    public static string Certificate(string run) => $"runs/{run}/certificate.json";

    /// <summary>What an evaluation measured: metrics and items, as JSON.</summary>
    public static string Evaluation(string evaluation) => $"evaluations/{evaluation}/result.json";
}
