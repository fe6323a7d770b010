namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>Engine of <see cref="BigramModel"/>.</summary>
public sealed class BigramEngine : IEngine
{
    public string Name => "bigram";

    public EngineCapabilities Capabilities { get; } = new() { Device = "cpu", SameBitsForAnyThreads = true, RepeatsBits = true };

    public ITrainableModel Create(ModelDescription description, int threads) => new BigramModel(description);
}

/// <summary>
/// A bigram model, p(y|x) = softmax(W x + b), with the selective loss, clipping and AdamW: small enough to be plainly right, and all that
/// the loop asks of a model. Its gradients are dL/dz = p - 1[y] of -log p, and p_y on y and -p_y p_j / (1 - p_y) elsewhere of -log(1-p).
/// </summary>
public sealed class BigramModel : ITrainableModel
{
    private readonly Dictionary<(string Name, TensorKind Kind), float[]> _tensors = [];
    private readonly int _vocabulary;

    public BigramModel(ModelDescription description)
    {
        Description = description;
        _vocabulary = description.VocabularySize;
        Parameters = [new("bigram.weight", [_vocabulary, _vocabulary]), new("bigram.bias", [_vocabulary])];
        foreach (ParameterDescription parameter in Parameters)
        {
            foreach (TensorKind kind in Enum.GetValues<TensorKind>())
            {
                _tensors[(parameter.Name, kind)] = new float[parameter.Length];
            }
        }
    }

    public ModelDescription Description { get; }

    public IReadOnlyList<ParameterDescription> Parameters { get; }

    public void Initialise(ulong seed)
    {
        foreach (((string name, TensorKind kind), float[] values) in _tensors)
        {
            var stream = new RandomStream(seed, name, 0);
            for (int index = 0; index < values.Length; index++)
            {
                values[index] = kind == TensorKind.Weight ? (float)(0.1 * stream.NextGaussian()) : 0;
            }
        }
    }

    public void Read(string name, TensorKind kind, Span<float> destination) => _tensors[(name, kind)].CopyTo(destination);

    public void Write(string name, TensorKind kind, ReadOnlySpan<float> source) => source.CopyTo(_tensors[(name, kind)]);

    public BatchLoss ComputeGradients(TokenBatch batch, LossRouting routing)
    {
        double[] weight = new double[_vocabulary * _vocabulary], bias = new double[_vocabulary];
        double crossEntropy = 0, unlikelihood = 0;
        long crossEntropyTokens = 0, unlikelihoodTokens = 0, denominator = 0;
        ReadOnlySpan<int> tokens = batch.Tokens.Span;
        ReadOnlySpan<byte> labels = batch.Labels.Span;
        for (int position = 0; position < tokens.Length; position++)
        {
            LossKind kind = routing[labels[position]];
            denominator += kind == LossKind.None ? 0 : 1;
            if (position % batch.Length == 0 || kind == LossKind.None)
            {
                continue;
            }

            int x = tokens[position - 1], y = tokens[position];
            double[] p = Probabilities(x);
            for (int j = 0; j < _vocabulary; j++)
            {
                double gradient = kind == LossKind.CrossEntropy ? p[j] - (j == y ? 1 : 0) : j == y ? p[y] : -p[y] * p[j] / (1 - p[y]);
                weight[(j * _vocabulary) + x] += gradient;
                bias[j] += gradient;
            }

            crossEntropy -= kind == LossKind.CrossEntropy ? Math.Log(p[y]) : 0;
            crossEntropyTokens += kind == LossKind.CrossEntropy ? 1 : 0;
            unlikelihood -= kind == LossKind.Unlikelihood ? Math.Log(1 - p[y]) : 0;
            unlikelihoodTokens += kind == LossKind.Unlikelihood ? 1 : 0;
        }

        denominator = Math.Max(1, denominator);
        Store("bigram.weight", weight);
        Store("bigram.bias", bias);
        return new BatchLoss(crossEntropy, crossEntropyTokens, unlikelihood, unlikelihoodTokens, denominator);

        void Store(string name, double[] sums)
        {
            float[] gradients = _tensors[(name, TensorKind.Gradient)];
            for (int index = 0; index < sums.Length; index++)
            {
                gradients[index] = (float)(sums[index] / denominator);
            }
        }
    }

    public double ClipGradients(double maximumNorm)
    {
        float[][] gradients = [.. Parameters.Select(parameter => _tensors[(parameter.Name, TensorKind.Gradient)])];
        double norm = Math.Sqrt(gradients.Sum(tensor => tensor.Sum(value => (double)value * value)));
        if (norm > maximumNorm)
        {
            foreach (float[] tensor in gradients)
            {
                for (int index = 0; index < tensor.Length; index++)
                {
                    tensor[index] = (float)(tensor[index] * maximumNorm / norm);
                }
            }
        }

        return norm;
    }

    public void Update(AdamWSettings settings, double learningRate, long step)
    {
        foreach (ParameterDescription parameter in Parameters)
        {
            float[] weight = _tensors[(parameter.Name, TensorKind.Weight)], gradient = _tensors[(parameter.Name, TensorKind.Gradient)];
            float[] first = _tensors[(parameter.Name, TensorKind.FirstMoment)], second = _tensors[(parameter.Name, TensorKind.SecondMoment)];
            for (int index = 0; index < weight.Length; index++)
            {
                double g = gradient[index];
                double decayed = weight[index] * (1 - (parameter.Decays ? learningRate * settings.WeightDecay : 0));
                first[index] = (float)((settings.Beta1 * first[index]) + ((1 - settings.Beta1) * g));
                second[index] = (float)((settings.Beta2 * second[index]) + ((1 - settings.Beta2) * g * g));
                double mean = first[index] / (1 - Math.Pow(settings.Beta1, step));
                double variance = second[index] / (1 - Math.Pow(settings.Beta2, step));
                weight[index] = (float)(decayed - (learningRate * mean / (Math.Sqrt(variance) + settings.Epsilon)));
            }
        }
    }

    public float[][] Score(IReadOnlyList<int[]> sequences) =>
        [.. sequences.Select(tokens => tokens.Zip(tokens.Skip(1), (x, y) => (float)Math.Log(Probabilities(x)[y])).ToArray())];

    public float[][] LastHiddenStates(IReadOnlyList<int[]> sequences) => throw new NotSupportedException("A bigram model has no hidden states.");

    public int[][] Generate(IReadOnlyList<int[]> prompts, SamplingSettings settings, IReadOnlyList<ulong> streams) =>
        throw new NotSupportedException("The loop does not generate.");

    public void Dispose()
    {
    }

    private double[] Probabilities(int x)
    {
        float[] weight = _tensors[("bigram.weight", TensorKind.Weight)], bias = _tensors[("bigram.bias", TensorKind.Weight)];
        double[] logits = [.. Enumerable.Range(0, _vocabulary).Select(j => (double)weight[(j * _vocabulary) + x] + bias[j])];
        double maximum = logits.Max();
        double[] exponentials = [.. logits.Select(logit => Math.Exp(logit - maximum))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }
}
