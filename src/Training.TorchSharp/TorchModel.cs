using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>A decoder on libtorch: tensors and what they share; training and inference are in the files beside.</summary>
internal sealed partial class TorchModel : ITrainableModel
{
    private readonly EngineSettings _settings;
    private readonly Device _device;
    private readonly string _deviceName;
    private readonly FlatLayout _layout;
    private readonly FlatTensors _tensors;
    private readonly Attention _attention;
    private readonly RotaryTable _rotary;
    private readonly Embedding _embedding;
    private readonly DecoderLayer[] _layers;
    private readonly FinalNorm _finalNorm;
    private readonly SelectiveLossHead _head;
    private bool _disposed;

    internal TorchModel(ModelDescription description, EngineSettings settings, Device device, string deviceName)
    {
        Description = description;
        _settings = settings;
        _device = device;
        _deviceName = deviceName;
        _layout = new FlatLayout(description);
        Parameters = [.. _layout.Parameters.Select(parameter => parameter.Description)];
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        _tensors = new FlatTensors(_layout, settings.Precision, device);
        _attention = new Attention(settings.Deterministic);
        _rotary = new RotaryTable(description, device);
        TrainableTensor head = _tensors.Matrix(_layout.Head);
        _head = new SelectiveLossHead(head, settings.LogitsAtOnce);
        _embedding = new Embedding(_tensors.EmbeddingWeights, _tensors.EmbeddingGradients);
        _layers = [.. Enumerable.Range(0, description.Layers).Select(layer => new DecoderLayer(description, _tensors, layer, _attention))];
        _finalNorm = new FinalNorm(description, _tensors);
    }

    public ModelDescription Description { get; }

    public IReadOnlyList<ParameterDescription> Parameters { get; }

    public void Initialise(ulong seed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (FlatParameter parameter in _layout.Parameters)
        {
            var initial = new Managed.InitialValues(parameter.Description, Description.Layers, seed);
            float[] values = new float[parameter.Description.Length];
            initial.Take(values);
            DeviceGuard.Run(_deviceName, () => _tensors.Write(parameter, TensorKind.Weight, values));
        }

        DeviceGuard.Run(_deviceName, () =>
        {
            using var scope = NewDisposeScope();
            _tensors[TensorKind.Gradient].zero_();
            _tensors[TensorKind.FirstMoment].zero_();
            _tensors[TensorKind.SecondMoment].zero_();
        });
        _gradientScale = 1;
        _sumOfSquares = null;
    }

    public unsafe void Read(string name, TensorKind kind, Span<float> destination) => Copy(
        name, kind, destination, nameof(destination), (parameter, start, length) => _tensors.Read(parameter, kind, new Span<float>((void*)start, length)));

    public unsafe void Write(string name, TensorKind kind, ReadOnlySpan<float> source)
    {
        Copy(name, kind, source, nameof(source), (parameter, start, length) => _tensors.Write(parameter, kind, new ReadOnlySpan<float>((void*)start, length)));
        _sumOfSquares = null;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _tensors.Dispose();
        _rotary.Dispose();
    }

    /// <summary>Copies between a tensor and memory, which stays where it is meanwhile: the guarded work cannot capture a span.</summary>
    private unsafe void Copy(string name, TensorKind kind, ReadOnlySpan<float> memory, string argument, Action<FlatParameter, nint, int> copy)
    {
        FlatParameter parameter = Find(name, memory.Length, argument);
        fixed (float* start = memory)
        {
            (nint address, int length) = ((nint)start, memory.Length);
            DeviceGuard.Run(_deviceName, () =>
            {
                ApplyGradientScale(kind);
                copy(parameter, address, length);
            });
        }
    }

    private FlatParameter Find(string name, int length, string argument)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FlatParameter parameter = _layout[name];
        return parameter.Description.Length == length
            ? parameter
            : throw new ArgumentException($"'{name}' has {parameter.Description.Length} elements, not {length}.", argument);
    }

    /// <summary>Runs what computes: without graphs but where a segment asks for one, with weights rounded anew, and every tensor owned by a scope.</summary>
    private T Compute<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return DeviceGuard.Run(_deviceName, () =>
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            _tensors.Refresh();
            return work();
        });
    }
}
