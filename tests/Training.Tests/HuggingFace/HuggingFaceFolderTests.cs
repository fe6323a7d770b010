using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using SlungOrleans.Training.Tests.Managed;

namespace SlungOrleans.Training.Tests.HuggingFace;

/// <summary>Folders that are refused, each with one sentence.</summary>
public sealed class HuggingFaceFolderTests : IDisposable
{
    private static readonly string Forms = Path.Combine(AppContext.BaseDirectory, "HuggingFace", "PyTorch", "Folders");
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("olmo-transformers", "architectures", """["MistralForCausalLM"]""", "'architectures' names MistralForCausalLM, expected OlmoForCausalLM")]
    [InlineData("olmo-transformers", "model_type", "\"olmo2\"", "'model_type' is 'olmo2', expected olmo or llama")]
    [InlineData("olmo-transformers", "model_type", null, "'model_type' is 'none', expected olmo or llama")]
    [InlineData("olmo-transformers", "attention_bias", "true", "biases are not supported")]
    [InlineData("olmo-transformers", "num_key_value_heads", "1", "heads that share keys and values are not supported")]
    [InlineData("olmo-transformers", "rope_scaling", """{"type":"linear","factor":2.0}""", "scaled rotary positions are not supported")]
    [InlineData("olmo-transformers", "clip_qkv", "8.0", "'clip_qkv' is 8.0, expected none")]
    [InlineData("olmo-transformers", "hidden_act", "\"gelu\"", "'hidden_act' is 'gelu', expected silu")]
    [InlineData("olmo-transformers", "attention_dropout", "0.1", "dropout is not supported")]
    [InlineData("olmo-transformers", "quantization_config", "{}", "quantised weights are not supported")]
    [InlineData("olmo-transformers", "hidden_size", "18", "a multiple of twice the 2 heads")]
    [InlineData("olmo-transformers", "hidden_size", "32", "has shape [48, 16], expected [48, 32] by config.json")]
    [InlineData("olmo-transformers", "hidden_size", "\"16\"", "'hidden_size' is \"16\", expected a whole number")]
    [InlineData("olmo-transformers", "hidden_size", "1e9", "'hidden_size' is 1e9, expected a whole number of 2 to 65536")]
    [InlineData("olmo-transformers", "hidden_size", null, "config.json has no 'hidden_size'")]
    [InlineData("olmo-transformers", "num_hidden_layers", "2000000000", "'num_hidden_layers' is 2000000000, expected a whole number of 1 to 1024")]
    [InlineData("olmo-transformers", "num_hidden_layers", "3", "there is no tensor 'model.layers.2.self_attn.q_proj.weight', expected one of shape [16, 16]")]
    [InlineData("olmo-transformers", "num_hidden_layers", "1", "has a tensor 'model.layers.1.mlp.down_proj.weight', which a model of this kind does not have")]
    [InlineData("olmo-transformers", "tie_word_embeddings", "false", "there is no tensor 'lm_head.weight'")]
    [InlineData("llama", "head_dim", "16", "'head_dim' is 16, expected hidden_size / num_attention_heads, 8")]
    [InlineData("llama", "mlp_bias", "true", "biases are not supported")]
    [InlineData("llama", "rms_norm_eps", "0", "'rms_norm_eps' is 0, expected a number above 0")]
    [InlineData("llama", "rope_parameters", """{"rope_type":"llama3","rope_theta":500000.0}""", "'rope_parameters.rope_type' is 'llama3', expected default")]
    [InlineData("llama", "model_type", "\"olmo\"", "'architectures' names LlamaForCausalLM, expected OlmoForCausalLM")]
    [InlineData("olmo-original", "include_bias", "true", "biases are not supported")]
    [InlineData("olmo-original", "include_bias", null, "'include_bias' is true by default, expected false")]
    [InlineData("olmo-original", "rope", null, "only rotary positions are supported")]
    [InlineData("olmo-original", "alibi", "true", "only rotary positions are supported")]
    [InlineData("olmo-original", "block_type", "\"parallel\"", "'block_type' is 'parallel', expected sequential")]
    [InlineData("olmo-original", "activation_type", "\"gelu\"", "expected swiglu")]
    [InlineData("olmo-original", "layer_norm_with_affine", "true", "a LayerNorm with weights is not supported")]
    [InlineData("olmo-original", "layer_norm_type", "\"rms\"", "an RMSNorm without weights is not supported")]
    [InlineData("olmo-original", "attention_layer_norm", "true", "norms of queries and keys are not supported")]
    [InlineData("olmo-original", "norm_after", "true", "norms after attention and feed-forward layer are not supported")]
    [InlineData("olmo-original", "multi_query_attention", "true", "heads that share keys and values are not supported")]
    [InlineData("olmo-original", "n_kv_heads", "1", "heads that share keys and values are not supported")]
    [InlineData("olmo-original", "scale_logits", "true", "scaled logits are not supported")]
    [InlineData("olmo-original", "embedding_size", "39", "'embedding_size' is 39, expected at least the vocabulary's 40")]
    [InlineData("olmo-original", "mlp_hidden_size", "47", "'mlp_hidden_size' is 47, expected an even number")]
    [InlineData("olmo-original", "weight_tying", "false", "there is no tensor 'model.transformer.ff_out.weight'")]
    public void Open_OfModelThatIsNotSupported_SaysWhichField(string form, string field, string? value, string expected)
    {
        string folder = Copy(form);
        Change(folder, "config.json", config =>
        {
            if (value is null)
            {
                config.Remove(field);
            }
            else
            {
                config[field] = JsonNode.Parse(value);
            }
        });

        Assert.Contains(expected, FaultOf(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"model_type\":\"olmo\",\"model_type\":\"llama\"}")]
    [InlineData("{\"a\":")]
    public void Open_OfConfigThatIsNoObject_IsRefused(string config)
    {
        string folder = Copy("olmo-transformers");
        File.WriteAllText(Path.Combine(folder, "config.json"), config);

        Assert.Contains("config.json is not", FaultOf(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000, "config.json is not JSON")]
    [InlineData(2_000_000, "config.json has 2000000 bytes, expected at most 1048576")]
    public void Open_OfDeepOrHugeConfig_IsRefused(int depth, string expected)
    {
        string folder = Copy("olmo-transformers");
        File.WriteAllText(Path.Combine(folder, "config.json"), new string('[', depth));

        Assert.Contains(expected, FaultOf(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model-00002-of-00002.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("sub/model.safetensors")]
    [InlineData("..\\\\model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("model.bin")]
    public void Open_OfShardOutsideTheFolder_IsRefused(string name)
    {
        string folder = Copy("olmo-original");
        Change(folder, "model.safetensors.index.json", index => index["weight_map"]!["model.transformer.wte.weight"] = name);

        Assert.Contains($"is in '{name}', expected the plain name of a .safetensors file of the folder", FaultOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfMissingShard_IsRefused()
    {
        string folder = Copy("olmo-original");
        File.Delete(Path.Combine(folder, "model-00002-of-00002.safetensors"));

        Assert.Contains("there is no model-00002-of-00002.safetensors", FaultOf(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.transformer.wte.weight", "model-00002-of-00002.safetensors", "holds the tensor 'model.transformer.wte.weight', which model.safetensors.index.json says is in model-00002")]
    [InlineData("model.transformer.wte.weight", null, "holds the tensor 'model.transformer.wte.weight', which model.safetensors.index.json does not name")]
    [InlineData("another", "model-00002-of-00002.safetensors", "holds the tensor 'another', which it does not")]
    public void Open_OfIndexThatDisagreesWithTheShards_IsRefused(string tensor, string? file, string expected)
    {
        string folder = Copy("olmo-original");
        Change(folder, "model.safetensors.index.json", index =>
        {
            JsonObject map = index["weight_map"]!.AsObject();
            map.Remove(tensor);
            if (file is not null)
            {
                map[tensor] = file;
            }
        });

        Assert.Contains(expected, FaultOf(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"weight_map\":[]}")]
    [InlineData("{\"weight_map\":{\"a\":1}}")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}")]
    [InlineData("[[[[[[[[[[[[]]]]]]]]]]]]")]
    public void Open_OfMalformedIndex_IsRefused(string index)
    {
        string folder = Copy("olmo-original");
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), index);

        Assert.Contains("model.safetensors.index.json is not an index of tensors", FaultOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfWholeAndShardedWeights_IsRefused()
    {
        string folder = Copy("olmo-original");
        File.Copy(Path.Combine(folder, "model-00001-of-00002.safetensors"), Path.Combine(folder, "model.safetensors"));

        Assert.Contains("expected one of them", FaultOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfPickledWeights_IsRefused()
    {
        string folder = Copy("olmo-transformers");
        File.Move(Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "pytorch_model.bin"));

        Assert.Contains("weights in other files (.bin, .pt) are not read", FaultOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAnotherType_SaysWhichAreRead()
    {
        string folder = Copy("olmo-transformers");
        string path = Path.Combine(folder, "model.safetensors");
        byte[] content = File.ReadAllBytes(path);
        int place = content.AsSpan().IndexOf("F32"u8);
        "F64"u8.CopyTo(content.AsSpan(place));
        File.WriteAllBytes(path, content);

        Assert.Contains("is of type F64, expected F32 or BF16 or F16", Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,8]}}""", 8, "has 8 bytes, expected 2 for each element")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[2,6]}}""", 6, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[6,10]}}""", 10, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""", 4, "malformed")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "malformed")]
    public void Open_OfHostileTensors_IsRefused(string header, int bytes, string expected)
    {
        string folder = Copy("olmo-transformers");
        byte[] content = [.. new byte[8], .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]];
        BinaryPrimitives.WriteInt64LittleEndian(content, Encoding.UTF8.GetByteCount(header));
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), content);

        Assert.Contains(expected, Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfFileCutShort_IsRefused()
    {
        string folder = Copy("olmo-transformers");
        using (FileStream file = File.OpenWrite(Path.Combine(folder, "model.safetensors")))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Contains("its header describes", Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadWeights_OfNotANumber_SaysWhichTensor()
    {
        string folder = Copy("olmo-transformers"), path = Path.Combine(folder, "model.safetensors");
        byte[] content = File.ReadAllBytes(path);
        BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(content.Length - 4), float.NaN);
        File.WriteAllBytes(path, content);
        var opened = HuggingFaceFolder.Open(folder);
        using ITrainableModel model = new ManagedEngine().Create(opened.Model, threads: 1);

        HuggingFaceException failure = Assert.Throws<HuggingFaceException>(() => opened.LoadWeights(model));

        Assert.Contains("'model.layers.1.mlp.down_proj.weight' of model.safetensors holds NaN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadWeights_IntoAnotherModel_IsRefused()
    {
        var folder = HuggingFaceFolder.Open(Path.Combine(Forms, "olmo-transformers"));
        using ITrainableModel model = new ManagedEngine().Create(Samples.Description(), threads: 1);

        Assert.Contains("is another one", Assert.Throws<ArgumentException>(() => folder.LoadWeights(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfMomentsWithoutSteps_IsRefused()
    {
        string folder = Copy("olmo-transformers");
        var opened = HuggingFaceFolder.Open(folder);
        using ITrainableModel model = new ManagedEngine().Create(opened.Model, threads: 1);
        string other = Path.Combine(_folder.Path, "with-moments");
        new HuggingFaceExport { MomentSteps = 5 }.Write(model, other);
        byte[] content = File.ReadAllBytes(Path.Combine(other, "optimizer.safetensors"));
        "stop"u8.CopyTo(content.AsSpan(content.AsSpan().IndexOf("step"u8)));
        File.WriteAllBytes(Path.Combine(folder, "optimizer.safetensors"), content);

        Assert.Contains("metadata 'step' is absent, expected the optimizer steps done", FaultOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfTiedHeadThatIsStored_TakesTheEmbedding()
    {
        string folder = Copy("llama");
        Change(folder, "config.json", config => config["tie_word_embeddings"] = true);

        Assert.True(HuggingFaceFolder.Open(folder).Model.TiedEmbeddings);
    }

    private static string FaultOf(string folder)
    {
        HuggingFaceException failure = Assert.Throws<HuggingFaceException>(() => HuggingFaceFolder.Open(folder));
        Assert.StartsWith($"The model folder '{folder}' cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        return failure.Message;
    }

    private static void Change(string folder, string name, Action<JsonObject> change)
    {
        string path = Path.Combine(folder, name);
        JsonObject content = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(content);
        File.WriteAllText(path, content.ToJsonString());
    }

    private string Copy(string form)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, form)).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(Forms, form)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
