using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A reference to a grain; it implements the interface it was asked for by. References to the same grain are equal.</summary>
public class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    /// <summary>The id of the grain.</summary>
    public GrainId GrainId { get; private set; }

    internal IGrainFactory Factory { get; private set; } = null!;

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && other.GrainId.Equals(GrainId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <summary>The id of the grain.</summary>
    public override string ToString() => $"GrainReference:{GrainId}";

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new SiloUnavailableException();
}
