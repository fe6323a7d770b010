using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SlungOrleans.Training;

/// <summary>A hash chain over the losses of all steps: each link is SHA-256 of the link before, the step and the loss's bits.</summary>
internal sealed class LossHistory
{
    private const int Link = SHA256.HashSizeInBytes;

    private readonly byte[] _link = new byte[Link + sizeof(long) + sizeof(double)];

    internal string Hash => Convert.ToHexStringLower(_link.AsSpan(0, Link));

    internal void Restore(string hash) => Convert.FromHexString(hash).CopyTo(_link, 0);

    internal void Append(long step, double loss)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_link.AsSpan(Link), step);
        BinaryPrimitives.WriteDoubleLittleEndian(_link.AsSpan(Link + sizeof(long)), loss);
        SHA256.HashData(_link).CopyTo(_link, 0);
    }
}
