using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>
/// Sequences of equal length, a label for every token, in memory in the form of their files: <c>input_ids</c> (uint16 or uint32) and
/// <c>label_mask</c> (uint8), flat, headerless, little-endian, as the authors' code has them. As many tokens as memory holds. Safe to read from
/// several threads.
/// </summary>
public sealed class PackedDataset
{
    /// <summary>The name of the file of token ids.</summary>
    public const string InputIdsName = "input_ids";

    /// <summary>The name of the file of labels.</summary>
    public const string LabelMaskName = "label_mask";

    /// <summary>The name of the manifest.</summary>
    public const string ManifestName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    private readonly PackedSequences _first;
    private readonly PackedSequences? _second;
    private readonly int[]? _order;
    private readonly int _idsLength;
    private readonly int _length;

    /// <param name="first">Sequences.</param>
    /// <param name="form">How they lie.</param>
    /// <param name="second">Further sequences, numbered after the first.</param>
    /// <param name="order">The numbers of the sequences in this data set's order; null for as they are.</param>
    internal PackedDataset(PackedSequences first, PackedForm form, PackedSequences? second = null, int[]? order = null)
    {
        (_first, _second, _order) = (first, second, order);
        (_idsLength, _length) = (form.SequenceLength * (int)form.TokenWidth, form.SequenceLength);
        var count = order?.Length ?? first.Count;
        var (idsHash, labels, labelsHash) = Summarise(count);
        Manifest = new PackedDatasetManifest
        {
            FormatVersion = PackedDatasetManifest.CurrentFormatVersion,
            TokenWidth = form.TokenWidth,
            Sequences = count,
            SequenceLength = form.SequenceLength,
            VocabularySize = form.VocabularySize,
            Tokenizer = form.Tokenizer,
            InputIdsSha256 = idsHash,
            LabelMaskSha256 = labelsHash,
            Labels = labels,
        };
    }

    /// <summary>How many sequences.</summary>
    public int Count => Manifest.Sequences;

    /// <summary>Tokens in each.</summary>
    public int SequenceLength => Manifest.SequenceLength;

    /// <summary>What there is: widths, counts, hashes.</summary>
    public PackedDatasetManifest Manifest { get; }

    /// <summary>Copies a sequence.</summary>
    /// <param name="index">The sequence, 0 to <see cref="Count"/> - 1.</param>
    /// <param name="tokens">Receives the token ids; <see cref="SequenceLength"/> long.</param>
    /// <param name="labels">Receives the labels (0 to 3); as long.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Read(int index, Span<int> tokens, Span<byte> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (tokens.Length != SequenceLength || labels.Length != SequenceLength)
        {
            throw new ArgumentException(
                $"There is room for {tokens.Length} tokens and {labels.Length} labels; {SequenceLength} of each are expected.");
        }

        var rented = ArrayPool<byte>.Shared.Rent(_idsLength);
        var ids = rented.AsSpan(0, _idsLength);
        CopyInputIds(index, ids);
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = Manifest.TokenWidth == TokenWidth.UInt16
                ? BinaryPrimitives.ReadUInt16LittleEndian(ids[(2 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(ids[(4 * i)..]);
        }

        ArrayPool<byte>.Shared.Return(rented);
        CopyLabels(index, labels);
    }

    /// <summary>Writes the two files and then the manifest: what has a manifest is whole.</summary>
    /// <param name="write">Writes a file whole: its name and its content, to be read to the end.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public async Task SaveAsync(Func<string, Stream, CancellationToken, Task> write, CancellationToken cancellation = default)
    {
        await WriteAsync(InputIdsName, new SequenceStream(Count, _idsLength, (index, bytes) => CopyInputIds(index, bytes))).ConfigureAwait(false);
        await WriteAsync(LabelMaskName, new SequenceStream(Count, _length, (index, bytes) => CopyLabels(index, bytes))).ConfigureAwait(false);
        await WriteAsync(ManifestName, new MemoryStream([.. JsonSerializer.SerializeToUtf8Bytes(Manifest, Json), (byte)'\n'], writable: false)).ConfigureAwait(false);

        async Task WriteAsync(string name, Stream content)
        {
            await using (content.ConfigureAwait(false))
            {
                await write(name, content, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads what <see cref="SaveAsync"/> wrote and checks it: lengths, hashes, ids and labels.</summary>
    /// <param name="open">Opens a file by its name.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="CorpusFormatException">A file is not as the manifest says, or the manifest cannot be read.</exception>
    public static async Task<PackedDataset> LoadAsync(
        Func<string, CancellationToken, Task<Stream>> open, CancellationToken cancellation = default)
    {
        var manifest = await PackedFiles.ReadManifestAsync(open, cancellation).ConfigureAwait(false);
        var form = new PackedForm(manifest.TokenWidth, manifest.SequenceLength, manifest.VocabularySize, manifest.Tokenizer);
        var tokens = (long)manifest.Sequences * manifest.SequenceLength;
        var inputIds = await PackedFiles.ReadAsync(open, InputIdsName, tokens * (int)form.TokenWidth, manifest.InputIdsSha256, cancellation)
            .ConfigureAwait(false);
        var labelMask = await PackedFiles.ReadAsync(open, LabelMaskName, tokens, manifest.LabelMaskSha256, cancellation)
            .ConfigureAwait(false);
        PackedFiles.CheckIds(inputIds, form);
        var dataset = new PackedDataset(new PackedSequences(inputIds, labelMask, manifest.Sequences), form);
        return dataset.Manifest == manifest
            ? dataset
            : throw new CorpusFormatException(
                $"{ManifestName}'s label counts are {manifest.Labels}; {dataset.Manifest.Labels} are in {LabelMaskName}.");
    }

    /// <summary>Reads a pair of files without a manifest, as the authors' code writes them.</summary>
    /// <param name="inputIds">Token ids.</param>
    /// <param name="labelMask">A label (0 to 3) for every id.</param>
    /// <param name="form">What the files do not say.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="CorpusFormatException">
    /// The files have not whole sequences of equal number, an id is not in the vocabulary, or a label above 3.
    /// </exception>
    public static async Task<PackedDataset> LoadHeaderlessAsync(
        Stream inputIds, Stream labelMask, PackedForm form, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(form.SequenceLength, 1);
        var (ids, labels) = (new SegmentedBytes(), new SegmentedBytes());
        await ids.AppendAsync(inputIds, long.MaxValue, cancellation).ConfigureAwait(false);
        await labels.AppendAsync(labelMask, long.MaxValue, cancellation).ConfigureAwait(false);
        var width = (int)form.TokenWidth;
        if (ids.Length != labels.Length * width || labels.Length % form.SequenceLength != 0)
        {
            throw new CorpusFormatException(
                $"{InputIdsName} has {ids.Length} bytes and {LabelMaskName} {labels.Length}; "
                + $"{width} bytes for each label, and whole sequences of {form.SequenceLength}, are expected.");
        }

        PackedFiles.CheckIds(ids, form);
        return new PackedDataset(new PackedSequences(ids, labels, checked((int)(labels.Length / form.SequenceLength))), form);
    }

    private (string IdsHash, LabelCounts Labels, string LabelsHash) Summarise(int count)
    {
        using var idsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var labelsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (ids, labels) = (new byte[_idsLength], new byte[_length]);
        var counts = new LabelCounts(0, 0, 0, 0);
        for (var index = 0; index < count; index++)
        {
            CopyInputIds(index, ids);
            CopyLabels(index, labels);
            idsHash.AppendData(ids);
            labelsHash.AppendData(labels);
            counts = counts.With(labels, (long)index * _length);
        }

        return (Convert.ToHexStringLower(idsHash.GetHashAndReset()), counts, Convert.ToHexStringLower(labelsHash.GetHashAndReset()));
    }

    private void CopyInputIds(int index, Span<byte> destination)
    {
        var (sequences, number) = Find(index);
        sequences.InputIds.CopyTo((long)number * _idsLength, destination);
    }

    private void CopyLabels(int index, Span<byte> destination)
    {
        var (sequences, number) = Find(index);
        sequences.LabelMask.CopyTo((long)number * _length, destination);
    }

    private (PackedSequences Sequences, int Number) Find(int index)
    {
        var number = _order is null ? index : _order[index];
        return number < _first.Count ? (_first, number) : (_second!, number - _first.Count);
    }
}

/// <summary>How token ids lie in a file, and what they mean.</summary>
/// <param name="TokenWidth">The width of an id.</param>
/// <param name="SequenceLength">Tokens in a sequence, 1 or more.</param>
/// <param name="VocabularySize">Every id is below this.</param>
/// <param name="Tokenizer">The fingerprint of the tokenizer; empty if it is not known.</param>
public sealed record PackedForm(TokenWidth TokenWidth, int SequenceLength, int VocabularySize, string Tokenizer = "")
{
    /// <summary>The form of data that a tokenizer makes: the smaller width that holds its vocabulary.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="sequenceLength">Tokens in a sequence, 1 or more.</param>
    public static PackedForm For(ITokenizer tokenizer, int sequenceLength) => new(
        tokenizer.VocabularySize <= ushort.MaxValue + 1 ? TokenWidth.UInt16 : TokenWidth.UInt32,
        sequenceLength,
        tokenizer.VocabularySize,
        tokenizer.Fingerprint);
}
