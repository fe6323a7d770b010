namespace SlungOrleans.Training.TorchSharp;

/// <summary>A part of the flat tensors: a matrix, or several under one another that are multiplied by together, or a norm's weights.</summary>
internal readonly record struct FlatRegion(long Offset, int Rows, int Columns)
{
    internal long Length => (long)Rows * Columns;
}

/// <summary>A parameter and where its first element is; the others follow in row-major order.</summary>
internal readonly record struct FlatParameter(ParameterDescription Description, long Offset);

/// <summary>
/// Where everything is in the flat tensors of weights, gradients and moments: matrices, which decay, first; query, key and value under one
/// another, as gate and up, so that each group is one product.
/// </summary>
internal sealed class FlatLayout
{
    /// <summary>Elements that every region begins at a multiple of, so that its rows are aligned for any device.</summary>
    private const int Alignment = 64;

    private readonly Dictionary<string, FlatParameter> _parameters = [];

    internal FlatLayout(ModelDescription model)
    {
        int hidden = model.HiddenSize, feedForward = model.FeedForwardSize, vocabulary = model.VocabularySize;
        Embedding = Take(vocabulary, hidden);
        Layers = [.. Enumerable.Range(0, model.Layers).Select(_ => new FlatLayer(
            Take(3 * hidden, hidden), Take(hidden, hidden), Take(2 * feedForward, hidden), Take(hidden, feedForward)))];
        Head = model.TiedEmbeddings ? Embedding : Take(vocabulary, hidden);
        MatricesLength = Length;
        if (model.Norm == NormKind.Rms)
        {
            AttentionNorms = [.. Layers.Select(_ => Take(1, hidden))];
            FeedForwardNorms = [.. Layers.Select(_ => Take(1, hidden))];
            FinalNorm = Take(1, hidden);
        }

        Parameters = [.. Place(model)];
        foreach (FlatParameter parameter in Parameters)
        {
            _parameters.Add(parameter.Description.Name, parameter);
        }
    }

    internal FlatRegion Embedding { get; }

    internal FlatRegion Head { get; }

    internal IReadOnlyList<FlatLayer> Layers { get; }

    /// <summary>The norms' weights; empty where norms have none.</summary>
    internal IReadOnlyList<FlatRegion> AttentionNorms { get; } = [];

    /// <inheritdoc cref="AttentionNorms"/>
    internal IReadOnlyList<FlatRegion> FeedForwardNorms { get; } = [];

    /// <summary>The final norm's weights, if it has any.</summary>
    internal FlatRegion? FinalNorm { get; }

    /// <summary>Where the matrices end.</summary>
    internal long MatricesLength { get; }

    internal long Length { get; private set; }

    /// <summary>The parameters in Hugging Face's order.</summary>
    internal IReadOnlyList<FlatParameter> Parameters { get; }

    internal FlatParameter this[string name] => _parameters.TryGetValue(name, out FlatParameter parameter)
        ? parameter
        : throw new ArgumentException($"The model has no parameter '{name}'; it has {string.Join(", ", _parameters.Keys)}.", nameof(name));

    private FlatRegion Take(int rows, int columns)
    {
        var region = new FlatRegion(Length, rows, columns);
        Length += (region.Length + Alignment - 1) / Alignment * Alignment;
        return region;
    }

    private IEnumerable<FlatParameter> Place(ModelDescription model)
    {
        int hidden = model.HiddenSize, feedForward = model.FeedForwardSize;
        static FlatParameter Matrix(string name, FlatRegion region, int firstRow, int rows) =>
            new(new ParameterDescription(name, [rows, region.Columns]), region.Offset + ((long)firstRow * region.Columns));

        static FlatParameter Norm(string name, FlatRegion region) => new(new ParameterDescription(name, [region.Columns]), region.Offset);

        yield return Matrix("model.embed_tokens.weight", Embedding, 0, model.VocabularySize);
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            FlatLayer at = Layers[layer];
            yield return Matrix(prefix + "self_attn.q_proj.weight", at.QueryKeyValue, 0, hidden);
            yield return Matrix(prefix + "self_attn.k_proj.weight", at.QueryKeyValue, hidden, hidden);
            yield return Matrix(prefix + "self_attn.v_proj.weight", at.QueryKeyValue, 2 * hidden, hidden);
            yield return Matrix(prefix + "self_attn.o_proj.weight", at.Output, 0, hidden);
            yield return Matrix(prefix + "mlp.gate_proj.weight", at.GateUp, 0, feedForward);
            yield return Matrix(prefix + "mlp.up_proj.weight", at.GateUp, feedForward, feedForward);
            yield return Matrix(prefix + "mlp.down_proj.weight", at.Down, 0, hidden);
            if (FinalNorm is not null)
            {
                yield return Norm(prefix + "input_layernorm.weight", AttentionNorms[layer]);
                yield return Norm(prefix + "post_attention_layernorm.weight", FeedForwardNorms[layer]);
            }
        }

        if (FinalNorm is { } norm)
        {
            yield return Norm("model.norm.weight", norm);
        }

        if (!model.TiedEmbeddings)
        {
            yield return Matrix("lm_head.weight", Head, 0, model.VocabularySize);
        }
    }
}

/// <summary>A layer's matrices.</summary>
internal readonly record struct FlatLayer(FlatRegion QueryKeyValue, FlatRegion Output, FlatRegion GateUp, FlatRegion Down);
