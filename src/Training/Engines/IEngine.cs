namespace SlungOrleans.Training;

/// <summary>Makes models that can be trained. Engines share parameter names, initial values, data order, losses and checkpoints.</summary>
public interface IEngine
{
    /// <summary>The engine's name, for example <c>managed</c>.</summary>
    string Name { get; }

    /// <summary>Where the engine computes, and what it can do that another may not.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>Makes a model with weights of zero.</summary>
    /// <param name="description">The model.</param>
    /// <param name="threads">Threads to use; the results do not depend on it.</param>
    /// <exception cref="ArgumentException">The description is not one that the engine supports; the message says what is.</exception>
    /// <exception cref="DeviceException">The device cannot be used, or has too little memory.</exception>
    ITrainableModel Create(ModelDescription description, int threads);
}

/// <summary>A model that is trained: gradients of a batch, clipping, AdamW. Not safe for concurrent calls.</summary>
public interface ITrainableModel : ILanguageModel
{
    /// <summary>The model's tensors, in a fixed order, under Hugging Face's names for OLMo.</summary>
    IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>Sets the initial values, a function of the seed and the parameters' names, and clears gradients and moments.</summary>
    /// <param name="seed">The seed.</param>
    void Initialise(ulong seed);

    /// <summary>Copies a tensor out.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="kind">Which of its tensors.</param>
    /// <param name="destination">Receives the values, row-major; exactly as long as the tensor.</param>
    void Read(string name, TensorKind kind, Span<float> destination);

    /// <summary>Copies a tensor in.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="kind">Which of its tensors.</param>
    /// <param name="source">The values, row-major; exactly as long as the tensor.</param>
    void Write(string name, TensorKind kind, ReadOnlySpan<float> source);

    /// <summary>
    /// Gradients of the selective loss of a batch, replacing those of the batch before.
    /// Loss = (sum of -log p over cross-entropy targets + sum of -log(1-p) over unlikelihood targets) / N, where N counts
    /// all positions of the batch whose label bears a loss, first positions included (the authors' normalisation).
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="routing">Which loss falls on which label.</param>
    BatchLoss ComputeGradients(TokenBatch batch, LossRouting routing);

    /// <summary>Scales the gradients so that their global norm is at most <paramref name="maximumNorm"/>. Returns the norm before.</summary>
    /// <param name="maximumNorm">The largest norm.</param>
    double ClipGradients(double maximumNorm);

    /// <summary>One step of AdamW (Loshchilov and Hutter, arXiv 1711.05101, as in PyTorch) with the gradients.</summary>
    /// <param name="settings">AdamW's settings.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">The step, from 1, for the bias correction.</param>
    void Update(AdamWSettings settings, double learningRate, long step);
}

/// <summary>A parameter of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape: [rows, columns] of a matrix (outputs, inputs), [n] of a norm's weight.</param>
public sealed record ParameterDescription(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Its number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether weight decay applies: to matrices only.</summary>
    public bool Decays => Shape.Count > 1;
}

/// <summary>The tensors of a parameter.</summary>
public enum TensorKind
{
    /// <summary>The weights.</summary>
    Weight,

    /// <summary>The gradients.</summary>
    Gradient,

    /// <summary>AdamW's first moments.</summary>
    FirstMoment,

    /// <summary>AdamW's second moments.</summary>
    SecondMoment,
}

/// <summary>AdamW's settings.</summary>
public sealed record AdamWSettings
{
    /// <summary>Decay of the first moments.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moments.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on matrices only.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Whether the embedding is among the matrices that decay; with tied embeddings it is the head, too. OLMo's code leaves it out.</summary>
    public bool DecayEmbeddings { get; init; } = true;
}

/// <summary>A batch of sequences of equal length.</summary>
/// <param name="Sequences">How many.</param>
/// <param name="Length">Tokens in each.</param>
/// <param name="Tokens">Token ids, sequence after sequence.</param>
/// <param name="Labels">Labels (0 to 3), one per token.</param>
public sealed record TokenBatch(int Sequences, int Length, ReadOnlyMemory<int> Tokens, ReadOnlyMemory<byte> Labels)
{
    /// <summary>
    /// Whether a token sees all tokens before it in its sequence, as in the paper, or only those after the last end of text (label 0) before it.
    /// </summary>
    public bool AttendAcrossDocuments { get; init; } = true;
}

/// <summary>The losses of a batch. Sums are over targets: positions 1 and later.</summary>
/// <param name="CrossEntropySum">Sum of -log p over cross-entropy targets.</param>
/// <param name="CrossEntropyTokens">How many they are.</param>
/// <param name="UnlikelihoodSum">Sum of -log(1-p) over unlikelihood targets.</param>
/// <param name="UnlikelihoodTokens">How many they are.</param>
/// <param name="Denominator">N: positions whose label bears a loss, first positions included; at least 1.</param>
public readonly record struct BatchLoss(double CrossEntropySum, long CrossEntropyTokens, double UnlikelihoodSum, long UnlikelihoodTokens, long Denominator)
{
    /// <summary>The loss that is minimised.</summary>
    public double Total => (CrossEntropySum + UnlikelihoodSum) / Denominator;
}
