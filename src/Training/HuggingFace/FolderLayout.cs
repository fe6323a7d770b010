using System.Text.RegularExpressions;

namespace SlungOrleans.Training;

/// <summary>Where a parameter is in a folder: rows of one of its tensors.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Tensor">The tensor's name.</param>
/// <param name="FirstRow">The first of its rows.</param>
internal readonly record struct ParameterSource(ParameterDescription Parameter, string Tensor, int FirstRow);

/// <summary>Which tensors a folder of a form has, and which parameters lie in each.</summary>
internal static partial class FolderLayout
{
    /// <summary>Every parameter's place.</summary>
    internal static IReadOnlyList<ParameterSource> Of(FolderConfig config) =>
    [
        .. from parameter in ModelParameters.Of(config.Model)
           let place = config.Form == FolderForm.Transformers ? (parameter.Name, 0) : Original(parameter.Name, config.Model)
           select new ParameterSource(parameter, place.Item1, place.Item2),
    ];

    /// <summary>Checks that the tensors are those that the parameters need, in their shapes, and no others.</summary>
    /// <exception cref="HuggingFaceException">They are not.</exception>
    internal static void Check(string folder, IReadOnlyList<ParameterSource> sources, FolderTensors tensors)
    {
        var expected = sources.GroupBy(source => source.Tensor).ToDictionary(parts => parts.Key, parts => Shape([.. parts]));
        foreach ((string name, int[] shape) in expected)
        {
            if (!tensors.Tensors.TryGetValue(name, out var found))
            {
                throw new HuggingFaceException(folder, $"there is no tensor '{name}', expected one of shape [{string.Join(", ", shape)}]");
            }

            if (!found.Tensor.Shape.SequenceEqual(shape))
            {
                throw new HuggingFaceException(
                    folder,
                    $"the tensor '{name}' of {found.File} has shape [{string.Join(", ", found.Tensor.Shape)}], expected [{string.Join(", ", shape)}] by {ConfigFields.FileName}");
            }
        }

        if (tensors.Tensors.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !expected.ContainsKey(name) && !IsNotNeeded(name, sources)) is { } extra)
        {
            throw new HuggingFaceException(folder, $"{tensors.Tensors[extra].File} has a tensor '{extra}', which a model of this kind does not have");
        }
    }

    private static int[] Shape(ParameterSource[] parts) => parts[0].Parameter.Shape switch
    {
        [var only] => [only],
        var shape => [parts.Sum(part => part.Parameter.Shape[0]), shape[1]],
    };

    /// <summary>A tied head, which transformers, too, takes from the embedding, and frequencies, which follow from the configuration.</summary>
    private static bool IsNotNeeded(string name, IReadOnlyList<ParameterSource> sources) =>
        (name == "lm_head.weight" && sources.Any(source => source.Tensor == "model.embed_tokens.weight")) || Frequencies().IsMatch(name);

    /// <summary>The names of OLMo's own code: att_proj holds query, key and value, ff_proj up and gate.</summary>
    private static (string Tensor, int FirstRow) Original(string parameter, ModelDescription model)
    {
        const string root = "model.transformer.";
        if (BlockParameter().Match(parameter) is not { Success: true } match)
        {
            return parameter switch
            {
                "model.embed_tokens.weight" => (root + "wte.weight", 0),
                "model.norm.weight" => (root + "ln_f.weight", 0),
                _ => (root + "ff_out.weight", 0),
            };
        }

        string block = $"{root}blocks.{match.Groups["layer"].Value}.";
        return match.Groups["name"].Value switch
        {
            "self_attn.q_proj" => (block + "att_proj.weight", 0),
            "self_attn.k_proj" => (block + "att_proj.weight", model.HiddenSize),
            "self_attn.v_proj" => (block + "att_proj.weight", 2 * model.HiddenSize),
            "self_attn.o_proj" => (block + "attn_out.weight", 0),
            "mlp.up_proj" => (block + "ff_proj.weight", 0),
            "mlp.gate_proj" => (block + "ff_proj.weight", model.FeedForwardSize),
            "mlp.down_proj" => (block + "ff_out.weight", 0),
            "input_layernorm" => (block + "attn_norm.weight", 0),
            _ => (block + "ff_norm.weight", 0),
        };
    }

    [GeneratedRegex(@"^model\.layers\.(?<layer>[0-9]+)\.(?<name>.+)\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex BlockParameter();

    [GeneratedRegex(@"\.rotary_emb\.inv_freq$", RegexOptions.CultureInvariant)]
    private static partial Regex Frequencies();
}
