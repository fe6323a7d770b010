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

    /// <summary>The file for upload, named after its hash.</summary>
    internal CheckpointContent ToContent(string nameStart) => new(Shapes(), Read, nameStart);

    /// <summary>The file's hash, as manifests of a format have it.</summary>
    internal string HashAs(int format)
    {
        CheckpointContent content = ToContent("");
        using Stream stream = content.OpenRead();
        if (format < CheckpointManifest.FormatOfTensorHashes)
        {
            using var hashing = new HashingStream(stream);
            hashing.CopyTo(Stream.Null);
            return hashing.Hash();
        }

        stream.CopyTo(Stream.Null);
        return content.Describe().Sha256;
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

    /// <summary>Reads the file into the model, and compares its length and hashes with what the manifest says.</summary>
    /// <exception cref="DamagedCheckpointException">The file is not there, torn or altered; the model's tensors are undefined then.</exception>
    internal async Task LoadAsync(IBlobStore store, CheckpointManifest manifest, CheckpointBlob blob, CancellationToken cancellation)
    {
        try
        {
            await using Stream content = await store.OpenReadAsync(blob.Name, cancellation).ConfigureAwait(false);
            if (content.Length != blob.Bytes)
            {
                throw new DamagedCheckpointException($"'{blob.Name}' has {content.Length} bytes, expected {blob.Bytes}");
            }

            await using var hashing = new HashingStream(content);
            var reader = new SafetensorsReader(hashing, blob.Name);
            string hash;
            if (manifest.Format < CheckpointManifest.FormatOfTensorHashes)
            {
                Load(reader, blob.Name, []);
                hash = hashing.Hash();
            }
            else
            {
                byte[] header = hashing.EndHash();
                Dictionary<string, string> tensors = manifest.Tensors.Where(tensor => tensor.Blob == blob.Name).ToDictionary(tensor => tensor.Name, tensor => tensor.Sha256);
                Load(reader, blob.Name, tensors);
                hash = CheckpointContent.HashOf(header, reader.Tensors.Select(tensor => Convert.FromHexString(tensors[tensor.Name])));
            }

            if (hash != blob.Sha256)
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

    private IEnumerable<(string Name, IReadOnlyList<int> Shape)> Shapes() => _tensors.Select(tensor => (tensor.Name, tensor.Parameter.Shape));

    private void Read(int index, Span<float> destination) => _model.Read(_tensors[index].Parameter.Name, _tensors[index].Kind, destination);

    /// <summary>Reads all tensors, and compares those whose hashes are given while they are copied into the model.</summary>
    private void Load(SafetensorsReader reader, string blob, Dictionary<string, string> hashes)
    {
        Dictionary<string, (string Name, ParameterDescription Parameter, TensorKind Kind)> expected = _tensors.ToDictionary(tensor => tensor.Name);
        float[] values = new float[_tensors.Max(tensor => tensor.Parameter.Length)];
        foreach (SafetensorsTensor tensor in reader.Tensors)
        {
            if (!expected.Remove(tensor.Name, out var target) || !target.Parameter.Shape.SequenceEqual(tensor.Shape))
            {
                throw new DamagedCheckpointException($"'{blob}' is altered: its tensor '{tensor.Name}' is not the manifest's");
            }

            int length = (int)tensor.Length;
            reader.Read(tensor, values.AsSpan(0, length));
            Task<byte[]>? hashing = hashes.ContainsKey(tensor.Name) ? Task.Run(() => SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan(0, length)))) : null;
            _model.Write(target.Parameter.Name, target.Kind, values.AsSpan(0, length));
            if (hashing is not null && Convert.ToHexStringLower(hashing.GetAwaiter().GetResult()) != hashes[tensor.Name])
            {
                throw new DamagedCheckpointException($"'{blob}' is altered: the SHA-256 of its tensor '{tensor.Name}' is not the manifest's");
            }
        }

        if (expected.Count > 0)
        {
            throw new DamagedCheckpointException($"'{blob}' is altered: it lacks the tensor '{expected.Keys.First()}'");
        }
    }
}
