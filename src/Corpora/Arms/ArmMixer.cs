using System.Globalization;

namespace SlungOrleans.Corpora;

/// <summary>
/// Makes the training data of matched arms, as the authors' figure 2 has it: base text of which the last k sequences give way to k
/// sequences of the pool, so that every arm has as many sequences and tokens as every other. Unlike the authors' released code it gives
/// every seed a part of the pool of its own. Equal input gives equal bits.
/// </summary>
public sealed class ArmMixer
{
    private readonly ITokenizer _tokenizer;
    private readonly ArmMixerSettings _settings;
    private readonly EncodedTexts _base;
    private readonly List<PoolDocument>[] _parts;

    /// <summary>Encodes all documents, each text once, and splits the pool into a part for every seed.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="baseDocuments">Base text; all of it counts as benign. Read once.</param>
    /// <param name="pool">Documents with scored spans, whose ids are unique. Read once.</param>
    /// <param name="settings">What all arms have in common.</param>
    /// <param name="cancellation">Cancels the encoding.</param>
    /// <exception cref="ArgumentException">The settings are out of range.</exception>
    /// <exception cref="ArmMixingException">An id of the pool occurs twice.</exception>
    /// <exception cref="CorpusFormatException">The spans of a document do not fit its text.</exception>
    public ArmMixer(
        ITokenizer tokenizer,
        IEnumerable<Document> baseDocuments,
        IEnumerable<Document> pool,
        ArmMixerSettings settings,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.SequenceLength, 1);
        if (settings.Seeds.Count == 0 || settings.Seeds.Distinct().Count() != settings.Seeds.Count)
        {
            throw new ArgumentException($"The seeds are {string.Join(", ", settings.Seeds)}; one or more, all different, are expected.");
        }

        _tokenizer = tokenizer;
        _settings = settings;
        var encoder = new DocumentEncoder(tokenizer, settings.Thresholds, settings.Cutting);
        _base = new EncodedTexts(tokenizer);
        foreach (var document in baseDocuments)
        {
            cancellation.ThrowIfCancellationRequested();
            _base.Add(document.Text);
        }

        var encoded = new List<PoolDocument>();
        foreach (var document in pool)
        {
            cancellation.ThrowIfCancellationRequested();
            encoded.Add(encoder.EncodePool(document));
        }

        _parts = [.. settings.Seeds.Select(_ => new List<PoolDocument>())];
        foreach (var (rank, index) in DocumentHash.Order([.. encoded.Select(document => document.Original.Id)]).Index())
        {
            _parts[rank % _parts.Length].Add(encoded[index]);
        }
    }

    /// <summary>The largest amount for which every seed's part of the pool has enough text, 0 to 1.</summary>
    public double LargestAmount => Math.Min(1, (double)_parts.Min(SequencesOf) / _settings.Sequences);

    /// <summary>Makes the data of one arm.</summary>
    /// <param name="text">Which text of the pool it holds.</param>
    /// <param name="seed">One of the seeds.</param>
    /// <param name="amount">
    /// The share of the sequences that the pool's original text fills, above 0, at most 1; the number of sequences is rounded.
    /// </param>
    /// <exception cref="ArgumentException">The seed is none of the settings', or the amount is out of range.</exception>
    /// <exception cref="ArmMixingException">
    /// The seed's part of the pool is too small, the amount is less than half a sequence, or there is no base text.
    /// </exception>
    public MixedArm Mix(ArmText text, int seed, double amount)
    {
        var part = _parts[IndexOf(seed)];
        var originalSequences = SequencesFor(amount);
        if (SequencesOf(part) < originalSequences)
        {
            throw TooSmall(seed, amount, originalSequences, part);
        }

        var documents = new List<PoolDocument>();
        var pool = new SequencePacker(_tokenizer, _settings.SequenceLength, _settings.EndOfTextLabel);
        if (text != ArmText.Base)
        {
            documents = Take(part, seed, originalSequences);
            foreach (var document in documents.Select(document => text == ArmText.Filtered ? document.Filtered : document.Original))
            {
                Add(pool, document);
            }
        }

        var packedPool = pool.Take(atMost: originalSequences);
        var baseSequences = _settings.Sequences - packedPool.Count;
        var (packedBase, baseDocuments) = PackBase(seed, baseSequences);
        return new MixedArm
        {
            Text = text,
            Seed = seed,
            Amount = amount,
            Dataset = new PackedDataset(
                packedBase, PackedForm.For(_tokenizer, _settings.SequenceLength), packedPool, KeyedPermutation.Of(_settings.Sequences, seed, "arm-sequences")),
            PoolSequences = packedPool.Count,
            PoolDocuments = [.. documents.Select(document => document.Original.Id)],
            EmptiedDocuments = text == ArmText.Filtered ? documents.Count(document => document.Filtered.Tokens.Length == 0) : 0,
            BaseDocuments = baseDocuments,
            BaseEpochs = baseSequences == 0 ? 0 : (double)baseSequences * _settings.SequenceLength / _base.PackedTokens,
        };
    }

    private static void Add(SequencePacker packer, EncodedDocument document)
    {
        if (document.Tokens.Length > 0)
        {
            packer.Add(document.Tokens, document.Labels);
        }
    }

    /// <summary>The documents that are needed to fill so many sequences with original text, in the seed's order.</summary>
    private List<PoolDocument> Take(List<PoolDocument> part, int seed, int sequences)
    {
        var taken = new List<PoolDocument>();
        var needed = (long)sequences * _settings.SequenceLength;
        foreach (var index in KeyedPermutation.Of(part.Count, seed, "pool-documents"))
        {
            if (needed <= 0)
            {
                break;
            }

            taken.Add(part[index]);
            needed -= part[index].Original.PackedTokens;
        }

        return taken;
    }

    /// <summary>
    /// The first base sequences of the seed's order. To pack no more than stay is the same as to drop the last ones.
    /// </summary>
    private (PackedSequences Sequences, int Documents) PackBase(int seed, int sequences)
    {
        if (sequences > 0 && _base.PackedTokens == 0)
        {
            throw new ArmMixingException($"There is no base text; {sequences} sequences of it are needed.");
        }

        var packer = new SequencePacker(_tokenizer, _settings.SequenceLength, _settings.EndOfTextLabel);
        var documents = 0;
        byte[] benign = [];
        for (var epoch = 0; packer.Sequences < sequences; epoch++)
        {
            var order = KeyedPermutation.Of(_base.Count, seed, string.Create(CultureInfo.InvariantCulture, $"base-documents/{epoch}"));
            for (var i = 0; i < order.Length && packer.Sequences < sequences; i++)
            {
                var tokens = _base.Read(order[i]);
                if (tokens.Length > 0)
                {
                    if (benign.Length < tokens.Length)
                    {
                        benign = new byte[tokens.Length];
                        benign.AsSpan().Fill((byte)RiskLabel.Benign);
                    }

                    packer.Add(tokens, benign.AsSpan(0, tokens.Length));
                }

                documents++;
            }
        }

        return (packer.Take(atMost: sequences), Math.Min(documents, _base.Count));
    }

    private int IndexOf(int seed)
    {
        for (var i = 0; i < _settings.Seeds.Count; i++)
        {
            if (_settings.Seeds[i] == seed)
            {
                return i;
            }
        }

        throw new ArgumentException($"The seed is {seed}; one of {string.Join(", ", _settings.Seeds)} is expected.", nameof(seed));
    }

    private int SequencesFor(double amount)
    {
        if (!(amount > 0 && amount <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An amount is above 0 and at most 1.");
        }

        var sequences = (int)Math.Round(amount * _settings.Sequences, MidpointRounding.AwayFromZero);
        return sequences > 0
            ? sequences
            : throw new ArmMixingException(FormattableString.Invariant(
                $"Amount {amount} of {_settings.Sequences} sequences is less than half a sequence; one sequence or more is expected."));
    }

    /// <summary>How many sequences the original text of a part fills.</summary>
    private long SequencesOf(List<PoolDocument> part) =>
        part.Sum(document => (long)document.Original.PackedTokens) / _settings.SequenceLength;

    private ArmMixingException TooSmall(int seed, double amount, int needed, List<PoolDocument> part)
    {
        // Rounded down, so that the amount named does fit.
        var largest = Math.Floor(LargestAmount * 1e6) / 1e6;
        return new ArmMixingException(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {seed}'s part of the pool ({part.Count} documents) fills {SequencesOf(part)} sequences of {_settings.SequenceLength} tokens, "
            + $"but amount {amount} of {_settings.Sequences} sequences needs {needed}; the largest amount that fits every seed is {largest}."));
    }
}
