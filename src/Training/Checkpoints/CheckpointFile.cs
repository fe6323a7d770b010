using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SlungOrleans.Storage;

namespace SlungOrleans.Training;

/// <summary>Which tensors of a model make up one file of a checkpoint.</summary>
internal sealed class CheckpointFile
{
    private static readonly (TensorKind Kind, string Suffix)[] WeightTensors = [(TensorKind.Weight, "")];
    private static readonly (TensorKind Kind, string Suffix)[] MomentTensors =
        [(TensorKind.FirstMoment, ".exp_avg"), (TensorKind.SecondMoment, ".exp_avg_sq")];

    private readonly ITrainableModel _model;
    private readonly (string Name, ParameterDescription Parameter, TensorKind Kind)[] _tensors;

    private CheckpointFile(ITrainableModel model, (TensorKind Kind, string Suffix)[] kinds)
    {
        _model = model;
        _tensors =
        [
            .. from parameter in model.Parameters
               from kind in kinds
               select (parameter.Name + kind.Suffix, parameter, kind.Kind),
        ];
    }

    internal static CheckpointFile OfWeights(ITrainableModel model) => new(model, WeightTensors);

    internal static CheckpointFile OfMoments(ITrainableModel model) => new(model, MomentTensors);

    internal Stream OpenForUpload() => Open((index, destination) =>
    {
        // From the second tensor on, some of the file is with the store.
        FaultPoints.Reach("checkpoint/upload");
        Read(index, destination);
    });

    /// <summary>Hashes the file as it would be written, and every tensor's values, both at a time.</summary>
    internal CheckpointFileDescription Describe()
    {
        SafetensorsHeader header = SafetensorsHeader.Of(Shapes());
        byte[] start = header.ToBytes();
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        whole.AppendData(start);
        float[] values = new float[header.Tensors.Max(tensor => tensor.Length)];
        var tensors = new List<(string, IReadOnlyList<int>, string, long)>();
        for (int index = 0; index < header.Tensors.Count; index++)
        {
            SafetensorsTensor tensor = header.Tensors[index];
            int length = (int)tensor.Length;
            Read(index, values.AsSpan(0, length));
            Task<byte[]> own = Task.Run(() => SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan(0, length))));
            whole.AppendData(MemoryMarshal.AsBytes(values.AsSpan(0, length)));
            tensors.Add((tensor.Name, tensor.Shape, Convert.ToHexStringLower(own.GetAwaiter().GetResult()), tensor.Bytes));
        }

        return new CheckpointFileDescription(Convert.ToHexStringLower(whole.GetHashAndReset()), start.Length + header.DataBytes, tensors);
    }

    /// <summary>Whether a manifest's tensors are these.</summary>
    /// <exception cref="CheckpointMismatchException">They are another model's.</exception>
    internal void EnsureSameTensors(CheckpointManifest manifest, CheckpointBlob blob)
    {
        Dictionary<string, CheckpointTensor> found = manifest.Tensors.Where(tensor => tensor.Blob == blob.Name).ToDictionary(tensor => tensor.Name);
        foreach ((string name, ParameterDescription parameter, _) in _tensors)
        {
            if (!found.Remove(name, out CheckpointTensor? tensor) || !tensor.Shape.SequenceEqual(parameter.Shape))
            {
                throw new CheckpointMismatchException(
                    $"The checkpoint of step {manifest.Step} is another model's: of '{name}' it has {Shape(tensor?.Shape)}, expected {Shape(parameter.Shape)}.");
            }
        }

        if (found.Count > 0)
        {
            throw new CheckpointMismatchException(
                $"The checkpoint of step {manifest.Step} is another model's: this model has no '{found.Keys.Order(StringComparer.Ordinal).First()}'.");
        }

        static string Shape(IReadOnlyList<int>? shape) => shape is null ? "nothing" : $"shape [{string.Join(", ", shape)}]";
    }

    /// <summary>Reads the file into the model, and compares its length and hash with what the manifest says.</summary>
    /// <exception cref="DamagedCheckpointException">The file is not there, torn or altered; the model's tensors are undefined then.</exception>
    internal async Task LoadAsync(IBlobStore store, CheckpointBlob blob, CancellationToken cancellation)
    {
        try
        {
            await using Stream content = await store.OpenReadAsync(blob.Name, cancellation).ConfigureAwait(false);
            if (content.Length != blob.Bytes)
            {
                throw new DamagedCheckpointException($"'{blob.Name}' has {content.Length} bytes, expected {blob.Bytes}");
            }

            await using var hashing = new HashingStream(content);
            Load(new SafetensorsReader(hashing, blob.Name), blob.Name);
            if (hashing.Hash() != blob.Sha256)
            {
                throw new DamagedCheckpointException($"'{blob.Name}' is altered: its SHA-256 is not the manifest's");
            }
        }
        catch (BlobNotFoundException failure)
        {
            throw new DamagedCheckpointException($"'{blob.Name}' is not there", failure);
        }
        catch (SafetensorsException failure)
        {
            throw new DamagedCheckpointException(failure.Message.TrimEnd('.'), failure);
        }
    }

    private Stream Open(TensorSource source) => new SafetensorsStream(Shapes(), source);

    private IEnumerable<(string Name, IReadOnlyList<int> Shape)> Shapes() => _tensors.Select(tensor => (tensor.Name, tensor.Parameter.Shape));

    private void Read(int index, Span<float> destination) => _model.Read(_tensors[index].Parameter.Name, _tensors[index].Kind, destination);

    private void Load(SafetensorsReader reader, string blob)
    {
        Dictionary<string, (string Name, ParameterDescription Parameter, TensorKind Kind)> expected = _tensors.ToDictionary(tensor => tensor.Name);
        float[] values = new float[_tensors.Max(tensor => tensor.Parameter.Length)];
        foreach (SafetensorsTensor tensor in reader.Tensors)
        {
            if (!expected.Remove(tensor.Name, out var target) || !target.Parameter.Shape.SequenceEqual(tensor.Shape))
            {
                throw new DamagedCheckpointException($"'{blob}' is altered: its tensor '{tensor.Name}' is not the manifest's");
            }

            Span<float> span = values.AsSpan(0, (int)tensor.Length);
            reader.Read(tensor, span);
            _model.Write(target.Parameter.Name, target.Kind, span);
        }

        if (expected.Count > 0)
        {
            throw new DamagedCheckpointException($"'{blob}' is altered: it lacks the tensor '{expected.Keys.First()}'");
        }
    }
}

/// <summary>A file's SHA-256 and length, and those of every tensor's values.</summary>
internal sealed record CheckpointFileDescription(
    string Sha256, long Bytes, IReadOnlyList<(string Name, IReadOnlyList<int> Shape, string Sha256, long Bytes)> Tensors);
