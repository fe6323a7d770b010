using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>
/// Scaled dot-product attention: softmax(q kᵀ / sqrt(head size)) v. libtorch's fused kernels where it has them (from version 2) and need not
/// repeat bits (their backward pass adds up in no fixed order), otherwise written out, with the softmax in single precision.
/// </summary>
internal sealed class Attention(bool deterministic)
{
    /// <summary>Whether the build's libtorch has fused attention.</summary>
    internal static bool IsFused =>
#if FUSED_ATTENTION
        true;
#else
        false;
#endif

    /// <summary>Which keys the queries of whole sequences see where each sees those up to its own; null where the fused kernels know by themselves.</summary>
    internal Tensor? CausalMask(long length, Device device) => IsFused && !deterministic ? null : ones([length, length], ScalarType.Bool, device).tril();

    /// <summary>Attends.</summary>
    /// <param name="query">[sequences, heads, queries, head size].</param>
    /// <param name="key">[sequences, heads, keys, head size].</param>
    /// <param name="value">[sequences, heads, keys, head size].</param>
    /// <param name="seen">True where a query sees a key, broadcast to [sequences, heads, queries, keys]; null for <see cref="CausalMask"/>'s null.</param>
    internal Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? seen)
    {
#if FUSED_ATTENTION
        if (!deterministic)
        {
            return nn.functional.scaled_dot_product_attention(query, key, value, seen, 0, seen is null);
        }
#endif
        ArgumentNullException.ThrowIfNull(seen);
        long sequences = query.shape[0], heads = query.shape[1], queries = query.shape[2], keys = key.shape[2], size = query.shape[3];

        // Not matmul: what libtorch throws there TorchSharp lets pass into the runtime, which ends the process.
        Tensor products = Flat(query).bmm(Flat(key).transpose(1, 2)).view(sequences, heads, queries, keys);
        Tensor scores = products.mul(1 / Math.Sqrt(size)).masked_fill(seen.logical_not(), double.NegativeInfinity);
        return Flat(scores.softmax(-1, ScalarType.Float32).to(value.dtype)).bmm(Flat(value)).view(sequences, heads, queries, size);

        Tensor Flat(Tensor tensor) => tensor.reshape(sequences * heads, tensor.shape[2], tensor.shape[3]);
    }
}
