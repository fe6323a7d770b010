using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>Puts documents in an order that depends on nothing but their ids.</summary>
internal static class DocumentHash
{
    /// <summary>The first 128 bits of the SHA-256 of an id.</summary>
    internal static UInt128 Of(string id) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>The indexes of ids, in the order of the ids' hashes.</summary>
    /// <exception cref="ArmMixingException">An id occurs twice.</exception>
    internal static int[] Order(IReadOnlyList<string> ids)
    {
        var order = new int[ids.Count];
        var hashes = new UInt128[ids.Count];
        for (var i = 0; i < ids.Count; i++)
        {
            (order[i], hashes[i]) = (i, Of(ids[i]));
        }

        Array.Sort(hashes, order);
        for (var i = 1; i < order.Length; i++)
        {
            if (hashes[i] == hashes[i - 1])
            {
                throw new ArmMixingException($"The document id '{ids[order[i]]}' occurs twice; ids that are unique over all corpora are expected.");
            }
        }

        return order;
    }
}
