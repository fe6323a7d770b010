namespace SlungOrleans.Training;

/// <summary>The tensors that a model has: names as in Hugging Face's Llama and OLMo, and shapes.</summary>
public static class ModelParameters
{
    /// <summary>Every parameter, in the order in which engines list them.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<ParameterDescription> Of(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = new List<ParameterDescription> { new("model.embed_tokens.weight", [model.VocabularySize, model.HiddenSize]) };
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            foreach (string projection in (string[])["q", "k", "v", "o"])
            {
                parameters.Add(new($"{prefix}self_attn.{projection}_proj.weight", [model.HiddenSize, model.HiddenSize]));
            }

            parameters.Add(new(prefix + "mlp.gate_proj.weight", [model.FeedForwardSize, model.HiddenSize]));
            parameters.Add(new(prefix + "mlp.up_proj.weight", [model.FeedForwardSize, model.HiddenSize]));
            parameters.Add(new(prefix + "mlp.down_proj.weight", [model.HiddenSize, model.FeedForwardSize]));
            if (model.Norm == NormKind.Rms)
            {
                parameters.Add(new(prefix + "input_layernorm.weight", [model.HiddenSize]));
                parameters.Add(new(prefix + "post_attention_layernorm.weight", [model.HiddenSize]));
            }
        }

        if (model.Norm == NormKind.Rms)
        {
            parameters.Add(new("model.norm.weight", [model.HiddenSize]));
        }

        if (!model.TiedEmbeddings)
        {
            parameters.Add(new("lm_head.weight", [model.VocabularySize, model.HiddenSize]));
        }

        return parameters;
    }
}
