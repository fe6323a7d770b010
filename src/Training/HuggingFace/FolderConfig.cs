namespace SlungOrleans.Training;

/// <summary>How a folder names its tensors.</summary>
internal enum FolderForm
{
    /// <summary>As transformers' Llama and OLMo: one tensor per parameter, under the parameter's name.</summary>
    Transformers,

    /// <summary>As OLMo's own code (<c>hf_olmo</c>): query, key and value in one tensor, up and gate in another.</summary>
    OriginalOlmo,
}

/// <summary>What a folder's config.json says of the model; whatever the engines do not have is refused.</summary>
internal sealed record FolderConfig(ModelDescription Model, FolderForm Form)
{
    private const int LargestWidth = 1 << 16;
    private const int MostLayers = 1024;
    private const int LargestVocabulary = 1 << 24;
    private const int LongestSequence = 1 << 20;
    private const float OlmoEpsilon = 1e-5f;
    private const float DefaultRotaryBase = 10_000f;

    internal static FolderConfig Read(string folder)
    {
        var fields = ConfigFields.Read(folder);
        FolderConfig config = fields.Has("d_model") ? OriginalOlmo(fields) : Transformers(fields);
        int heads = config.Model.Heads, hidden = config.Model.HiddenSize;
        return hidden % (2 * heads) == 0
            ? config
            : throw fields.Fault($"the hidden size is {hidden}, expected a multiple of twice the {heads} heads");
    }

    /// <summary>
    /// OlmoForCausalLM (LayerNorm without parameters, its epsilon fixed at 1e-5) and LlamaForCausalLM (RMSNorm) of
    /// https://github.com/huggingface/transformers; defaults are those of its OlmoConfig and LlamaConfig.
    /// </summary>
    private static FolderConfig Transformers(ConfigFields fields)
    {
        string type = fields.ExpectText("model_type", "none", "olmo", "llama");
        string architecture = type == "olmo" ? "OlmoForCausalLM" : "LlamaForCausalLM";
        IReadOnlyList<string> named = fields.Texts("architectures");
        if (named.Count > 0 && !named.SequenceEqual([architecture]))
        {
            throw fields.Fault($"'architectures' names {string.Join(", ", named)}, expected {architecture}");
        }

        int heads = fields.Integer("num_attention_heads", 1, LargestWidth), hidden = fields.Integer("hidden_size", 2, LargestWidth);
        int keyValueHeads = fields.Integer("num_key_value_heads", 1, LargestWidth, absent: heads);
        if (keyValueHeads != heads)
        {
            throw fields.Fault($"'num_key_value_heads' is {keyValueHeads}, expected {heads}: heads that share keys and values are not supported");
        }

        int headSize = fields.Integer("head_dim", 1, LargestWidth, absent: hidden / heads);
        if (hidden % heads == 0 && headSize != hidden / heads)
        {
            throw fields.Fault($"'head_dim' is {headSize}, expected hidden_size / num_attention_heads, {hidden / heads}");
        }

        fields.ExpectText("hidden_act", "silu", "silu");
        fields.ExpectFlag("attention_bias", false, absent: false, "biases are not supported");
        fields.ExpectFlag("mlp_bias", false, absent: false, "biases are not supported");
        fields.ExpectZero("attention_dropout");
        fields.ExpectNone("clip_qkv", "clipped queries, keys and values are not supported");
        fields.ExpectNone("quantization_config", "quantised weights are not supported");
        return new FolderConfig(
            new ModelDescription
            {
                VocabularySize = fields.Integer("vocab_size", 2, LargestVocabulary),
                HiddenSize = hidden,
                Layers = fields.Integer("num_hidden_layers", 1, MostLayers),
                Heads = heads,
                FeedForwardSize = fields.Integer("intermediate_size", 1, 4 * LargestWidth),
                MaximumSequenceLength = fields.Integer("max_position_embeddings", 1, LongestSequence, absent: 2048),
                Norm = type == "olmo" ? NormKind.NonParametricLayerNorm : NormKind.Rms,
                NormEpsilon = type == "olmo" ? OlmoEpsilon : fields.Positive("rms_norm_eps", absent: 1e-6f),
                RotaryBase = RotaryBase(fields),
                TiedEmbeddings = fields.Flag("tie_word_embeddings", absent: false),
            },
            FolderForm.Transformers);
    }

    /// <summary>In newer files rope_parameters holds both the base and how it is scaled.</summary>
    private static float RotaryBase(ConfigFields fields)
    {
        fields.ExpectNone("rope_scaling", "scaled rotary positions are not supported");
        float rotaryBase = fields.Positive("rope_theta", absent: DefaultRotaryBase);
        if (fields.Object("rope_parameters") is not { } parameters)
        {
            return rotaryBase;
        }

        parameters.ExpectText("rope_type", "default", "default");
        return parameters.Positive("rope_theta", absent: rotaryBase);
    }

    /// <summary>
    /// The form of OLMo's own code (https://github.com/allenai/OLMo, olmo/config.py, ModelConfig, whose defaults these are). The two halves
    /// of the feed-forward projection are up, then gate.
    /// </summary>
    private static FolderConfig OriginalOlmo(ConfigFields fields)
    {
        fields.ExpectText("model_type", "hf_olmo", "olmo", "hf_olmo");
        fields.ExpectText("block_type", "sequential", "sequential");
        fields.ExpectText("activation_type", "swiglu", "swiglu");
        fields.ExpectFlag("rope", true, absent: false, "only rotary positions are supported");
        fields.ExpectFlag("alibi", false, absent: false, "only rotary positions are supported");
        fields.ExpectFlag("include_bias", false, absent: true, "biases are not supported");
        fields.ExpectFlag("attention_layer_norm", false, absent: false, "norms of queries and keys are not supported");
        fields.ExpectFlag("norm_after", false, absent: false, "norms after attention and feed-forward layer are not supported");
        fields.ExpectFlag("embedding_layer_norm", false, absent: false, "a norm of the embeddings is not supported");
        fields.ExpectFlag("scale_logits", false, absent: false, "scaled logits are not supported");
        fields.ExpectFlag("multi_query_attention", false, absent: false, "heads that share keys and values are not supported");
        fields.ExpectNone("clip_qkv", "clipped queries, keys and values are not supported");
        foreach (string place in (string[])["attention", "residual", "embedding"])
        {
            fields.ExpectZero($"{place}_dropout");
        }

        string norm = fields.ExpectText("layer_norm_type", "default", "default", "low_precision", "rms");
        bool rms = norm == "rms";
        fields.ExpectFlag(
            "layer_norm_with_affine", rms, absent: true, rms ? "an RMSNorm without weights is not supported" : "a LayerNorm with weights is not supported");
        fields.ExpectFlag("bias_for_layer_norm", false, absent: false, "biases are not supported");
        int hidden = fields.Integer("d_model", 2, LargestWidth), heads = fields.Integer("n_heads", 1, LargestWidth, absent: 12);
        int keyValueHeads = fields.Integer("n_kv_heads", 1, LargestWidth, absent: heads);
        if (keyValueHeads != heads)
        {
            throw fields.Fault($"'n_kv_heads' is {keyValueHeads}, expected {heads}: heads that share keys and values are not supported");
        }

        int projection = fields.Integer("mlp_hidden_size", 2, 8 * LargestWidth, absent: fields.Integer("mlp_ratio", 1, 64, absent: 4) * hidden);
        if (projection % 2 != 0)
        {
            throw fields.Fault($"'mlp_hidden_size' is {projection}, expected an even number: half of it is the gate");
        }

        int vocabulary = fields.Integer("vocab_size", 2, LargestVocabulary, absent: 50257);
        int rows = fields.Integer("embedding_size", 2, LargestVocabulary, absent: vocabulary);
        if (rows < vocabulary)
        {
            throw fields.Fault($"'embedding_size' is {rows}, expected at least the vocabulary's {vocabulary}");
        }

        return new FolderConfig(
            new ModelDescription
            {
                VocabularySize = rows,
                HiddenSize = hidden,
                Layers = fields.Integer("n_layers", 1, MostLayers, absent: 12),
                Heads = heads,
                FeedForwardSize = projection / 2,
                MaximumSequenceLength = fields.Integer("max_sequence_length", 1, LongestSequence, absent: 1024),
                Norm = rms ? NormKind.Rms : NormKind.NonParametricLayerNorm,
                NormEpsilon = fields.Positive("layer_norm_eps", absent: OlmoEpsilon),
                RotaryBase = fields.Positive("rope_theta", absent: DefaultRotaryBase),
                TiedEmbeddings = fields.Flag("weight_tying", absent: true),
            },
            FolderForm.OriginalOlmo);
    }
}
