using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>Packed data sets and tokenizers in the blob store, named by the hash of their content.</summary>
internal sealed class Datasets(IBlobStore store, IOptions<LabOptions> options)
{
    private readonly ConcurrentDictionary<string, WeakReference<PackedDataset>> _loaded = new();

    /// <summary>Saves a data set, unless it is there. Returns its hash.</summary>
    public string Save(PackedDataset dataset)
    {
        var manifest = dataset.Manifest;
        var content = $"{manifest.FormatVersion} {manifest.TokenWidth} {manifest.SequenceLength} {manifest.VocabularySize} {manifest.Tokenizer} {manifest.InputIdsSha256} {manifest.LabelMaskSha256}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        if (store.GetInfoAsync($"{ArtefactNames.Dataset(hash)}/{PackedDataset.ManifestName}").GetAwaiter().GetResult() is null)
        {
            dataset.SaveAsync((name, stream, cancellation) => store.WriteAsync($"{ArtefactNames.Dataset(hash)}/{name}", stream, WriteCondition.None, cancellation)).GetAwaiter().GetResult();
        }

        return hash;
    }

    /// <summary>Loads and verifies a data set; runs that share one share its memory.</summary>
    public TrainingData Load(string hash)
    {
        if (_loaded.TryGetValue(hash, out var reference) && reference.TryGetTarget(out var loaded))
        {
            return new TrainingData(loaded);
        }

        var dataset = PackedDataset.LoadAsync((name, cancellation) => store.OpenReadAsync($"{ArtefactNames.Dataset(hash)}/{name}", cancellation)).GetAwaiter().GetResult();
        _loaded[hash] = new WeakReference<PackedDataset>(dataset);
        return new TrainingData(dataset);
    }

    /// <summary>Saves a tokenizer, unless it is there. Returns its hash.</summary>
    public string Save(BytePairTokenizer tokenizer)
    {
        var name = ArtefactNames.Tokenizer(tokenizer.Fingerprint);
        if (store.GetInfoAsync(name).GetAwaiter().GetResult() is null)
        {
            using var content = new MemoryStream();
            tokenizer.Save(content);
            content.Position = 0;
            store.WriteAsync(name, content, WriteCondition.None).GetAwaiter().GetResult();
        }

        return tokenizer.Fingerprint;
    }

    /// <summary>What encodes text for a tokenizer, to the same ids whichever it is (<see cref="LabOptions.Encoder"/>).</summary>
    public ITokenizer EncoderOf(BytePairTokenizer tokenizer) =>
#if USE_MICROSOFT_TOKENIZERS
        options.Value.Encoder == LabOptions.MicrosoftEncoder ? new MicrosoftTokenizer(tokenizer) : tokenizer;
#else
        options.Value.Encoder == LabOptions.OwnEncoder ? tokenizer : throw new NotSupportedException($"This build has no encoder '{options.Value.Encoder}'.");
#endif

    public BytePairTokenizer LoadTokenizer(string hash)
    {
        using var stream = store.OpenReadAsync(ArtefactNames.Tokenizer(hash)).GetAwaiter().GetResult();
        return BytePairTokenizer.Load(stream);
    }
}

/// <summary>A packed data set as the trainer reads it.</summary>
internal sealed class TrainingData(PackedDataset dataset) : ITokenSequences
{
    public int VocabularySize => dataset.Manifest.VocabularySize;

    public int Count => dataset.Count;

    public int SequenceLength => dataset.SequenceLength;

    public void Read(int index, Span<int> tokens, Span<byte> labels) => dataset.Read(index, tokens, labels);
}
