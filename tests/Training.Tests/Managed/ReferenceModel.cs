namespace SlungOrleans.Training.Tests.Managed;

/// <summary>The decoder and its losses in double precision, written after Hugging Face's OLMo and the papers, for clarity and not for speed.</summary>
internal sealed class ReferenceModel
{
    private readonly ModelDescription _model;
    private readonly Tape _tape = new();
    private readonly Dictionary<string, Scalar[][]> _weights = [];
    private int[]? _documentStarts;

    internal ReferenceModel(ModelDescription model, IReadOnlyDictionary<string, double[]> weights)
    {
        _model = model;
        foreach ((string name, double[] values) in weights)
        {
            bool vector = name.EndsWith("norm.weight", StringComparison.Ordinal);
            int columns = vector ? values.Length
                : name.Contains("down_proj", StringComparison.Ordinal) ? model.FeedForwardSize : model.HiddenSize;
            _weights[name] = [.. values.Chunk(columns).Select(row => row.Select(_tape.Constant).ToArray())];
        }
    }

    /// <summary>The hidden states after the final norm.</summary>
    internal Scalar[][] FinalStates(ReadOnlySpan<int> tokens)
    {
        var x = new Scalar[tokens.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            x[t] = _weights["model.embed_tokens.weight"][tokens[t]];
        }

        for (int layer = 0; layer < _model.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            x = Add(x, Attention(Norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn."));
            x = Add(x, FeedForward(Norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp."));
        }

        return Norm(x, "model.norm.weight");
    }

    /// <summary>log p(token t | tokens before it), t from 1.</summary>
    internal Scalar[] LogProbabilities(ReadOnlySpan<int> tokens)
    {
        Scalar[][] logits = Linear(FinalStates(tokens), _model.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
        var result = new Scalar[tokens.Length - 1];
        for (int t = 0; t < result.Length; t++)
        {
            double largest = logits[t].Max(z => z.Value);
            result[t] = logits[t][tokens[t + 1]] - largest - Scalar.Log(Scalar.Sum(logits[t].Select(z => Scalar.Exp(z - largest))));
        }

        return result;
    }

    /// <summary>The loss of a batch and its gradients by name.</summary>
    internal (double Loss, Dictionary<string, double[]> Gradients) Loss(TokenBatch batch, LossRouting routing)
    {
        Scalar sum = _tape.Constant(0);
        int denominator = 0;
        for (int sequence = 0; sequence < batch.Sequences; sequence++)
        {
            ReadOnlySpan<int> tokens = batch.Tokens.Span.Slice(sequence * batch.Length, batch.Length);
            ReadOnlySpan<byte> labels = batch.Labels.Span.Slice(sequence * batch.Length, batch.Length);
            _documentStarts = batch.AttendAcrossDocuments ? null : DocumentStarts(labels);
            Scalar[] logProbabilities = LogProbabilities(tokens);
            for (int t = 0; t < tokens.Length; t++)
            {
                LossKind kind = routing[labels[t]];
                denominator += kind == LossKind.None ? 0 : 1;
                if (t > 0 && kind == LossKind.CrossEntropy)
                {
                    sum -= logProbabilities[t - 1];
                }
                else if (t > 0 && kind == LossKind.Unlikelihood)
                {
                    Scalar rest = -Scalar.Exp(logProbabilities[t - 1]) + 1;
                    sum -= rest.Value < routing.UnlikelihoodFloor ? _tape.Constant(Math.Log(routing.UnlikelihoodFloor)) : Scalar.Log(rest);
                }
            }
        }

        Scalar loss = sum / Math.Max(1, denominator);
        double[] derivatives = _tape.Derivatives(loss);
        return (loss.Value, _weights.ToDictionary(
            pair => pair.Key, pair => pair.Value.SelectMany(row => row).Select(weight => derivatives[weight.Index]).ToArray()));
    }

    /// <summary>Where each token's document begins: after the last label 0 before it.</summary>
    private static int[] DocumentStarts(ReadOnlySpan<byte> labels)
    {
        byte[] all = labels.ToArray();
        return [.. Enumerable.Range(0, all.Length).Select(t => t == 0 ? 0 : Array.LastIndexOf(all, (byte)0, t - 1) + 1)];
    }

    private Scalar[][] Linear(Scalar[][] x, string name) =>
        [.. x.Select(row => _weights[name].Select(weights => _tape.Dot(row, weights)).ToArray())];

    private static Scalar[][] Add(Scalar[][] x, Scalar[][] y) => [.. x.Zip(y, (a, b) => a.Zip(b, (c, d) => c + d).ToArray())];

    private Scalar[][] Norm(Scalar[][] x, string name) => [.. x.Select(row => _model.Norm == NormKind.Rms ? Rms(row, _weights[name][0]) : Layer(row))];

    private Scalar[] Rms(Scalar[] x, Scalar[] weight)
    {
        Scalar root = Scalar.Sqrt((_tape.Dot(x, x) / x.Length) + _model.NormEpsilon);
        return [.. x.Zip(weight, (value, w) => value / root * w)];
    }

    private Scalar[] Layer(Scalar[] x)
    {
        Scalar mean = Scalar.Sum(x) / x.Length;
        Scalar[] centred = [.. x.Select(value => value - mean)];
        Scalar deviation = Scalar.Sqrt((_tape.Dot(centred, centred) / x.Length) + _model.NormEpsilon);
        return [.. centred.Select(value => value / deviation)];
    }

    private Scalar[][] FeedForward(Scalar[][] x, string prefix)
    {
        Scalar[][] gate = Linear(x, prefix + "gate_proj.weight"), up = Linear(x, prefix + "up_proj.weight");
        return Linear([.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => a / (Scalar.Exp(-a) + 1) * b).ToArray())], prefix + "down_proj.weight");
    }

    private Scalar[][] Attention(Scalar[][] x, string prefix)
    {
        int size = _model.HeadSize;
        Scalar[][] queries = Linear(x, prefix + "q_proj.weight"), keys = Linear(x, prefix + "k_proj.weight"), values = Linear(x, prefix + "v_proj.weight");
        var output = new Scalar[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            output[t] = new Scalar[_model.HiddenSize];
            for (int first = 0; first < _model.HiddenSize; first += size)
            {
                Scalar[] query = Rotate(queries[t].AsSpan(first, size), t);
                int start = _documentStarts?[t] ?? 0;
                Scalar[] weights = new Scalar[t + 1 - start];
                for (int s = start; s <= t; s++)
                {
                    weights[s - start] = Scalar.Exp(_tape.Dot(query, Rotate(keys[s].AsSpan(first, size), s)) / Math.Sqrt(size));
                }

                Scalar total = Scalar.Sum(weights);
                for (int i = first; i < first + size; i++)
                {
                    output[t][i] = _tape.Dot(weights, [.. values[start..(t + 1)].Select(value => value[i])]) / total;
                }
            }
        }

        return Linear(output, prefix + "o_proj.weight");
    }

    /// <summary>x cos + rotate_half(x) sin, rotate_half(x) = (-second half, first half).</summary>
    private Scalar[] Rotate(ReadOnlySpan<Scalar> x, int position)
    {
        int half = x.Length / 2;
        var turned = new Scalar[x.Length];
        for (int i = 0; i < half; i++)
        {
            double angle = position * Math.Pow(_model.RotaryBase, -2.0 * i / x.Length);
            turned[i] = (x[i] * Math.Cos(angle)) - (x[i + half] * Math.Sin(angle));
            turned[i + half] = (x[i + half] * Math.Cos(angle)) + (x[i] * Math.Sin(angle));
        }

        return turned;
    }
}
