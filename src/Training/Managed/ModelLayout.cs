namespace SlungOrleans.Training.Managed;

/// <summary>A weight matrix inside: outputs × inputs, both whole vectors, in panels of 32 inputs (see <see cref="Panels"/>).</summary>
internal readonly record struct MatrixRegion(long Offset, int Outputs, int Inputs)
{
    internal long Length => (long)Outputs * Inputs;

    /// <summary>The matrix among all weights, or its gradient among all gradients: what dx = dy W multiplies by, and where dW goes.</summary>
    internal unsafe Panels In(float* tensors) => new(tensors + Offset, Outputs, Inputs);

    /// <summary>Where an element is.</summary>
    internal unsafe long IndexOf(int output, int input)
    {
        int panel = input & -MicroKernel.Columns, width = In(null).Width(panel);
        return Offset + ((long)panel * Outputs) + ((long)output * width) + (input - panel);
    }
}

/// <summary>
/// Where everything is in the flat buffers of weights, gradients and moments. All widths are padded to whole vectors, each head on its
/// own; pads hold zeros in the weights and every operation keeps them zero, so loops have no remainders. Query, key and value share a
/// matrix, as do gate and up. In queries and keys the two halves of a head are interleaved (element i of the first half beside element i
/// of the second), so that rotary pairs are neighbours; attention scores do not depend on the order. Matrices come first, for weight decay.
/// </summary>
internal sealed class ModelLayout
{
    private readonly List<ParameterPlacement> _placements = [];

    internal ModelLayout(ModelDescription description)
    {
        Description = description;
        Hidden = Lanes.Pad(description.HiddenSize);
        Head = Lanes.Pad(description.HeadSize);
        Attention = description.Heads * Head;
        FeedForward = Lanes.Pad(description.FeedForwardSize);
        Vocabulary = Lanes.Pad(description.VocabularySize);

        int layers = description.Layers;
        bool weightedNorms = description.Norm == NormKind.Rms;
        QueryKeyValue = new MatrixRegion[layers];
        Output = new MatrixRegion[layers];
        GateUp = new MatrixRegion[layers];
        Down = new MatrixRegion[layers];
        AttentionNorm = new long[layers];
        FeedForwardNorm = new long[layers];

        long next = 0;
        MatrixRegion Matrix(int outputs, int inputs)
        {
            var region = new MatrixRegion(next, outputs, inputs);
            next += region.Length;
            return region;
        }

        long NormWeight()
        {
            long offset = next;
            next += weightedNorms ? Hidden : 0;
            return offset;
        }

        Embedding = Matrix(Vocabulary, Hidden);
        for (int layer = 0; layer < layers; layer++)
        {
            QueryKeyValue[layer] = Matrix(3 * Attention, Hidden);
            Output[layer] = Matrix(Hidden, Attention);
            GateUp[layer] = Matrix(2 * FeedForward, Hidden);
            Down[layer] = Matrix(Hidden, FeedForward);
        }

        LanguageHead = description.TiedEmbeddings ? Embedding : Matrix(Vocabulary, Hidden);
        MatricesLength = next;
        for (int layer = 0; layer < layers; layer++)
        {
            AttentionNorm[layer] = NormWeight();
            FeedForwardNorm[layer] = NormWeight();
        }

        FinalNorm = NormWeight();
        Length = next;
        PlaceParameters(weightedNorms);
    }

    internal ModelDescription Description { get; }

    /// <summary>Padded width of the hidden states.</summary>
    internal int Hidden { get; }

    /// <summary>Padded width of a head.</summary>
    internal int Head { get; }

    /// <summary>Padded width of all heads.</summary>
    internal int Attention { get; }

    /// <summary>Padded width of the feed-forward layer.</summary>
    internal int FeedForward { get; }

    /// <summary>Padded size of the vocabulary.</summary>
    internal int Vocabulary { get; }

    internal MatrixRegion Embedding { get; }

    internal MatrixRegion LanguageHead { get; }

    internal MatrixRegion[] QueryKeyValue { get; }

    internal MatrixRegion[] Output { get; }

    internal MatrixRegion[] GateUp { get; }

    internal MatrixRegion[] Down { get; }

    internal long[] AttentionNorm { get; }

    internal long[] FeedForwardNorm { get; }

    internal long FinalNorm { get; }

    /// <summary>Where the matrices, which decay, end and the norms' weights begin.</summary>
    internal long MatricesLength { get; }

    internal long Length { get; }

    /// <summary>The parameters in Hugging Face's order.</summary>
    internal IReadOnlyList<ParameterPlacement> Parameters => _placements;

    internal ParameterPlacement this[string name] => _placements.Find(placement => placement.Description.Name == name)
        ?? throw new ArgumentException(
            $"The model has no parameter '{name}'; it has {string.Join(", ", _placements.Select(placement => placement.Description.Name))}.", nameof(name));

    private void PlaceParameters(bool weightedNorms)
    {
        ModelDescription model = Description;
        int[] hidden = Straight(model.HiddenSize), feedForward = Straight(model.FeedForwardSize), vocabulary = Straight(model.VocabularySize);
        int[] heads = InHeads(index => index), rotary = InHeads(index => (2 * (index % (model.HeadSize / 2))) + (index / (model.HeadSize / 2)));

        void Matrix(string name, MatrixRegion region, int firstRow, int[] rows, int[] columns) => _placements.Add(new ParameterPlacement(
            new ParameterDescription(name, [rows.Length, columns.Length]), region, [.. rows.Select(row => firstRow + row)], columns));

        void NormWeight(string name, long offset)
        {
            if (weightedNorms)
            {
                _placements.Add(new ParameterPlacement(new ParameterDescription(name, [model.HiddenSize]), new MatrixRegion(offset, 1, Hidden), [0], hidden));
            }
        }

        Matrix("model.embed_tokens.weight", Embedding, 0, vocabulary, hidden);
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            Matrix(prefix + "self_attn.q_proj.weight", QueryKeyValue[layer], 0, rotary, hidden);
            Matrix(prefix + "self_attn.k_proj.weight", QueryKeyValue[layer], Attention, rotary, hidden);
            Matrix(prefix + "self_attn.v_proj.weight", QueryKeyValue[layer], 2 * Attention, heads, hidden);
            Matrix(prefix + "self_attn.o_proj.weight", Output[layer], 0, hidden, heads);
            Matrix(prefix + "mlp.gate_proj.weight", GateUp[layer], 0, feedForward, hidden);
            Matrix(prefix + "mlp.up_proj.weight", GateUp[layer], FeedForward, feedForward, hidden);
            Matrix(prefix + "mlp.down_proj.weight", Down[layer], 0, hidden, feedForward);
            NormWeight(prefix + "input_layernorm.weight", AttentionNorm[layer]);
            NormWeight(prefix + "post_attention_layernorm.weight", FeedForwardNorm[layer]);
        }

        NormWeight("model.norm.weight", FinalNorm);
        if (!model.TiedEmbeddings)
        {
            Matrix("lm_head.weight", LanguageHead, 0, vocabulary, hidden);
        }
    }

    private static int[] Straight(int count) => [.. Enumerable.Range(0, count)];

    private int[] InHeads(Func<int, int> within) =>
        [.. Enumerable.Range(0, Description.HiddenSize).Select(index => (index / Description.HeadSize * Head) + within(index % Description.HeadSize))];
}
