using System.Text.Json;

namespace SlungOrleans.Grains;

/// <summary>Compares specifications by content: records with immutable arrays are equal only by reference.</summary>
internal static class Specifications
{
    public static bool Same<T>(T left, T right) => JsonSerializer.Serialize(left) == JsonSerializer.Serialize(right);
}
