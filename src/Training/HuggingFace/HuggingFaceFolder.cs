using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>
/// A model folder as Hugging Face has them: config.json, safetensors whole or sharded, tokenizer.json. Read are OlmoForCausalLM, the original
/// form of OLMo's own code, and LlamaForCausalLM where the engines can compute it. Opening one reads and checks configuration and headers;
/// values are read tensor by tensor, so that no more than the largest tensor is held beside the model.
/// </summary>
public sealed partial class HuggingFaceFolder
{
    /// <summary>The name of the tokenizer's file.</summary>
    public const string TokenizerName = "tokenizer.json";

    /// <summary>
    /// The name of the file of AdamW's moments: F32, <c>NAME.exp_avg</c> and <c>NAME.exp_avg_sq</c> for every parameter NAME, and in the
    /// metadata <c>step</c>, the optimizer steps that they come from.
    /// </summary>
    public const string OptimizerName = "optimizer.safetensors";

    internal const string StepKey = "step";

    private readonly FolderTensors _tensors;
    private readonly IReadOnlyList<ParameterSource> _sources;

    private HuggingFaceFolder(string path, ModelDescription model, FolderTensors tensors, IReadOnlyList<ParameterSource> sources, long? momentSteps)
    {
        Path = path;
        Model = model;
        MomentSteps = momentSteps;
        _tensors = tensors;
        _sources = sources;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The model. Its vocabulary is the rows of the embedding, which may be padded beyond the tokenizer's.</summary>
    public ModelDescription Model { get; }

    /// <summary>Optimizer steps that the moments come from; null if the folder has none.</summary>
    public long? MomentSteps { get; }

    /// <summary>Whether there is a tokenizer.json.</summary>
    public bool HasTokenizer => File.Exists(System.IO.Path.Combine(Path, TokenizerName));

    /// <summary>Reads and checks a folder's configuration and the headers of its files.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="HuggingFaceException">The folder cannot be used.</exception>
    /// <exception cref="SafetensorsException">A file of tensors cannot be read.</exception>
    public static HuggingFaceFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new HuggingFaceException(path, "there is no such folder");
        }

        var config = FolderConfig.Read(path);
        var tensors = FolderTensors.Read(path);
        IReadOnlyList<ParameterSource> sources = FolderLayout.Of(config);
        FolderLayout.Check(path, sources, tensors);
        long? steps = File.Exists(System.IO.Path.Combine(path, OptimizerName)) ? CheckMoments(path, config.Model) : null;
        return new HuggingFaceFolder(path, config.Model, tensors, sources, steps);
    }

    /// <summary>Copies the weights into a model, tensor by tensor; moments and gradients stay as they are.</summary>
    /// <param name="model">A model of the same parameters.</param>
    /// <param name="cancellation">Cancels the reading; the model's weights are undefined then.</param>
    /// <exception cref="HuggingFaceException">A weight is not a finite number.</exception>
    /// <exception cref="SafetensorsException">A file was changed since it was opened.</exception>
    /// <exception cref="ArgumentException">The model has other parameters.</exception>
    public void LoadWeights(ITrainableModel model, CancellationToken cancellation = default)
    {
        EnsureSameParameters(model);
        ILookup<string, ParameterSource> parts = _sources.ToLookup(source => source.Tensor);
        float[] values = NewValues();
        int loaded = 0;
        foreach (string file in _tensors.Files)
        {
            using FileStream stream = FolderFiles.Open(Path, file);
            var reader = new SafetensorsReader(stream, stream.Name, FolderTensors.Types);
            foreach (SafetensorsTensor tensor in reader.Tensors.Where(tensor => parts.Contains(tensor.Name)))
            {
                if (!tensor.Shape.SequenceEqual(_tensors.Tensors[tensor.Name].Tensor.Shape))
                {
                    throw new HuggingFaceException(Path, $"{file} was changed while it was read");
                }

                foreach (ParameterSource part in parts[tensor.Name].OrderBy(part => part.FirstRow))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Span<float> rows = values.AsSpan(0, (int)part.Parameter.Length);
                    reader.Read(tensor, (long)part.FirstRow * part.Parameter.Shape[^1], rows);
                    EnsureFinite(rows, file, tensor.Name);
                    model.Write(part.Parameter.Name, TensorKind.Weight, rows);
                    loaded++;
                }
            }
        }

        if (loaded != _sources.Count)
        {
            throw new HuggingFaceException(Path, "its files were changed while they were read");
        }
    }

    /// <summary>Copies AdamW's moments into a model, tensor by tensor.</summary>
    /// <param name="model">A model of the same parameters.</param>
    /// <param name="cancellation">Cancels the reading; the model's moments are undefined then.</param>
    /// <exception cref="HuggingFaceException">The folder has no moments, or one is not a finite number.</exception>
    /// <exception cref="SafetensorsException">The file was changed since it was opened.</exception>
    /// <exception cref="ArgumentException">The model has other parameters.</exception>
    public void LoadMoments(ITrainableModel model, CancellationToken cancellation = default)
    {
        EnsureSameParameters(model);
        using FileStream stream = FolderFiles.Open(Path, OptimizerName);
        var reader = new SafetensorsReader(stream, stream.Name);
        var tensors = reader.Tensors.ToDictionary(tensor => tensor.Name);
        float[] values = NewValues();
        foreach ((ParameterDescription parameter, TensorKind kind, string name) in Moments(Model))
        {
            cancellation.ThrowIfCancellationRequested();
            Span<float> moments = values.AsSpan(0, (int)parameter.Length);
            reader.Read(tensors[name], moments);
            EnsureFinite(moments, OptimizerName, name);
            model.Write(parameter.Name, kind, moments);
        }
    }

    internal static IEnumerable<(ParameterDescription Parameter, TensorKind Kind, string Name)> Moments(ModelDescription model) =>
        from parameter in ModelParameters.Of(model)
        from moment in ((TensorKind Kind, string Suffix)[])[(TensorKind.FirstMoment, ".exp_avg"), (TensorKind.SecondMoment, ".exp_avg_sq")]
        select (parameter, moment.Kind, parameter.Name + moment.Suffix);

    /// <summary>Checks the header of the file of moments. Returns their steps.</summary>
    private static long CheckMoments(string path, ModelDescription model)
    {
        using FileStream stream = FolderFiles.Open(path, OptimizerName);
        var reader = new SafetensorsReader(stream, stream.Name);
        var found = reader.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        foreach ((ParameterDescription parameter, _, string name) in Moments(model))
        {
            if (!found.Remove(name, out IReadOnlyList<int>? shape) || !shape.SequenceEqual(parameter.Shape))
            {
                throw new HuggingFaceException(
                    path,
                    $"{OptimizerName} has {(shape is null ? "no tensor" : $"shape [{string.Join(", ", shape)}] of")} '{name}', expected shape [{string.Join(", ", parameter.Shape)}]");
            }
        }

        if (found.Count > 0)
        {
            throw new HuggingFaceException(path, $"{OptimizerName} has a tensor '{found.Keys.Order(StringComparer.Ordinal).First()}' of no parameter");
        }

        string? step = reader.Metadata.GetValueOrDefault(StepKey);
        return long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long steps)
            ? steps
            : throw new HuggingFaceException(path, $"{OptimizerName}'s metadata '{StepKey}' is {(step is null ? "absent" : $"'{step}'")}, expected the optimizer steps done");
    }

    private float[] NewValues() => GC.AllocateUninitializedArray<float>((int)_sources.Max(source => source.Parameter.Length));

    private void EnsureFinite(ReadOnlySpan<float> values, string file, string tensor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new HuggingFaceException(
                    Path, string.Create(CultureInfo.InvariantCulture, $"the tensor '{tensor}' of {file} holds {values[i]}, expected finite numbers"));
            }
        }
    }

    private void EnsureSameParameters(ITrainableModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IEnumerable<(string Name, string Shape)> mine = Names(_sources.Select(source => source.Parameter)), theirs = Names(model.Parameters);
        if (mine.Except(theirs).Concat(theirs.Except(mine)).Select(difference => difference.Name).FirstOrDefault() is { } name)
        {
            throw new ArgumentException($"The model in '{Path}' is another one: they differ in the parameter '{name}'.", nameof(model));
        }

        static IEnumerable<(string Name, string Shape)> Names(IEnumerable<ParameterDescription> parameters) =>
            parameters.Select(parameter => (parameter.Name, string.Join('×', parameter.Shape)));
    }
}
