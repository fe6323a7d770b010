using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SlungOrleans.Training;

/// <summary>Writes a model as a folder that Hugging Face's transformers and <see cref="HuggingFaceFolder"/> read. Tensor by tensor: three are held at a time.</summary>
public sealed record HuggingFaceExport
{
    private const float OlmoEpsilon = 1e-5f;
    private const int CopyAtOnce = 1 << 20;

    /// <summary>The type of the weights in the file: F32 (to the bit) or BF16 (rounded to the nearest).</summary>
    public SafetensorsType Type { get; init; } = SafetensorsType.F32;

    /// <summary>Bytes of values in a file, at most; a larger tensor has a file of its own.</summary>
    public long LargestFile { get; init; } = 5_000_000_000;

    /// <summary>Optimizer steps that the model's moments come from; null to leave them out.</summary>
    public long? MomentSteps { get; init; }

    /// <summary>The tokenizer.json; empty for none.</summary>
    public ReadOnlyMemory<byte> Tokenizer { get; init; }

    /// <summary>The end-of-text token; null if there is none.</summary>
    public int? EndOfText { get; init; }

    /// <summary>Writes the folder. It appears whole, or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The folder; must not exist, or be empty.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="HuggingFaceException">The folder is there and holds something, or the model cannot be said in this form.</exception>
    public void Write(ITrainableModel model, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(LargestFile, 1);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        EnsureCanBeSaid(model.Description, path);
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new HuggingFaceException(path, "there is something in it already, expected a new or an empty folder");
        }

        string draft = $"{path}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(draft);
        try
        {
            WriteFiles(model, draft, cancellation);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(draft, path);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    private void EnsureCanBeSaid(ModelDescription model, string path)
    {
        if (Type == SafetensorsType.F16)
        {
            throw new HuggingFaceException(path, "weights were to be written as F16, expected F32 or BF16: F16's range is too small for what training makes");
        }

        if (model.Norm == NormKind.NonParametricLayerNorm && model.NormEpsilon != OlmoEpsilon)
        {
            throw new HuggingFaceException(
                path, string.Create(CultureInfo.InvariantCulture, $"the norm's epsilon is {model.NormEpsilon}, expected {OlmoEpsilon}: transformers' OLMo has no other"));
        }
    }

    private void WriteFiles(ITrainableModel model, string folder, CancellationToken cancellation)
    {
        WriteJson(folder, ConfigFields.FileName, json => WriteConfig(json, model.Description));
        WriteWeights(model, folder, cancellation);
        if (MomentSteps is { } steps)
        {
            WriteMoments(model, folder, steps, cancellation);
        }

        if (!Tokenizer.IsEmpty)
        {
            WriteFile(folder, HuggingFaceFolder.TokenizerName, file => file.Write(Tokenizer.Span));
            WriteJson(folder, "tokenizer_config.json", json =>
            {
                json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
                json.WriteString("eos_token", "<|endoftext|>");
                json.WriteNumber("model_max_length", model.Description.MaximumSequenceLength);
            });
        }
    }

    private static void WriteMoments(ITrainableModel model, string folder, long steps, CancellationToken cancellation)
    {
        (ParameterDescription Parameter, TensorKind Kind, string Name)[] moments = [.. HuggingFaceFolder.Moments(model.Description)];
        using var content = new SafetensorsStream(
            moments.Select(moment => (moment.Name, moment.Parameter.Shape)),
            (index, destination) =>
            {
                cancellation.ThrowIfCancellationRequested();
                model.Read(moments[index].Parameter.Name, moments[index].Kind, MemoryMarshal.Cast<byte, float>(destination.Span));
            },
            metadata: [new(HuggingFaceFolder.StepKey, steps.ToString(CultureInfo.InvariantCulture))]);
        WriteFile(folder, HuggingFaceFolder.OptimizerName, file => content.CopyTo(file, CopyAtOnce));
    }

    private void WriteWeights(ITrainableModel model, string folder, CancellationToken cancellation)
    {
        List<List<ParameterDescription>> files = Split(model.Parameters);
        string NameOf(int file) => files.Count == 1
            ? FolderTensors.WholeName
            : string.Create(CultureInfo.InvariantCulture, $"model-{file + 1:D5}-of-{files.Count:D5}{FolderTensors.Extension}");
        float[] wide = Type == SafetensorsType.F32 ? [] : GC.AllocateUninitializedArray<float>((int)model.Parameters.Max(parameter => parameter.Length));
        for (int file = 0; file < files.Count; file++)
        {
            List<ParameterDescription> parameters = files[file];
            using var content = new SafetensorsStream(
                parameters.Select(parameter => (parameter.Name, parameter.Shape)),
                (index, destination) => ReadWeights(model, parameters[index], wide, destination, cancellation),
                Type);
            WriteFile(folder, NameOf(file), stream => content.CopyTo(stream, CopyAtOnce));
        }

        if (files.Count > 1)
        {
            WriteJson(folder, FolderTensors.IndexName, json =>
            {
                json.WriteStartObject("metadata");
                json.WriteNumber("total_size", model.Parameters.Sum(Bytes));
                json.WriteEndObject();
                json.WriteStartObject("weight_map");
                for (int file = 0; file < files.Count; file++)
                {
                    files[file].ForEach(parameter => json.WriteString(parameter.Name, NameOf(file)));
                }

                json.WriteEndObject();
            });
        }
    }

    private List<List<ParameterDescription>> Split(IReadOnlyList<ParameterDescription> parameters)
    {
        List<List<ParameterDescription>> files = [[]];
        long bytes = 0;
        foreach (ParameterDescription parameter in parameters)
        {
            if (files[^1].Count > 0 && bytes + Bytes(parameter) > LargestFile)
            {
                files.Add([]);
                bytes = 0;
            }

            files[^1].Add(parameter);
            bytes += Bytes(parameter);
        }

        return files;
    }

    private long Bytes(ParameterDescription parameter) => parameter.Length * Type.ElementBytes();

    /// <summary>Copies weights out; what is rounded goes through a buffer that serves all of them.</summary>
    private void ReadWeights(ITrainableModel model, ParameterDescription parameter, float[] wide, Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Type == SafetensorsType.F32)
        {
            model.Read(parameter.Name, TensorKind.Weight, MemoryMarshal.Cast<byte, float>(destination.Span));
            return;
        }

        Span<float> values = wide.AsSpan(0, (int)parameter.Length);
        model.Read(parameter.Name, TensorKind.Weight, values);
        SafetensorsElements.RoundToBF16(values, MemoryMarshal.Cast<byte, ushort>(destination.Span));
    }

    private void WriteConfig(Utf8JsonWriter json, ModelDescription model)
    {
        bool olmo = model.Norm == NormKind.NonParametricLayerNorm;
        json.WriteStartArray("architectures");
        json.WriteStringValue(olmo ? "OlmoForCausalLM" : "LlamaForCausalLM");
        json.WriteEndArray();
        json.WriteString("model_type", olmo ? "olmo" : "llama");
        json.WriteNumber("vocab_size", model.VocabularySize);
        json.WriteNumber("hidden_size", model.HiddenSize);
        json.WriteNumber("intermediate_size", model.FeedForwardSize);
        json.WriteNumber("num_hidden_layers", model.Layers);
        json.WriteNumber("num_attention_heads", model.Heads);
        json.WriteNumber("num_key_value_heads", model.Heads);
        json.WriteNumber("max_position_embeddings", model.MaximumSequenceLength);
        json.WriteString("hidden_act", "silu");
        json.WriteBoolean("attention_bias", false);
        json.WriteNumber("attention_dropout", 0.0);
        if (olmo)
        {
            json.WriteNull("clip_qkv");
        }
        else
        {
            json.WriteBoolean("mlp_bias", false);
            json.WriteNumber("rms_norm_eps", model.NormEpsilon);
        }

        json.WriteNumber("rope_theta", model.RotaryBase);
        json.WriteNull("rope_scaling");
        json.WriteBoolean("tie_word_embeddings", model.TiedEmbeddings);
        json.WriteNull("bos_token_id");
        json.WriteNull("pad_token_id");
        if (EndOfText is { } endOfText)
        {
            json.WriteNumber("eos_token_id", endOfText);
        }
        else
        {
            json.WriteNull("eos_token_id");
        }

        json.WriteString("torch_dtype", Type == SafetensorsType.F32 ? "float32" : "bfloat16");
    }

    private static void WriteJson(string folder, string name, Action<Utf8JsonWriter> members) => WriteFile(folder, name, file =>
    {
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        file.WriteByte((byte)'\n');
    });

    private static void WriteFile(string folder, string name, Action<Stream> write)
    {
        using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        write(file);
        file.Flush(flushToDisk: true);
    }
}
