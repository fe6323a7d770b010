using System.Collections.Frozen;
using System.Reflection;

namespace Orleans.Runtime;

// A reference to a grain; made at run time to implement the interface it is asked for by. References to the same grain are equal.
internal class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    private ActivationDirectory _directory = null!;
    private FrozenDictionary<MethodInfo, GrainMethod> _methods = null!;

    public GrainId GrainId { get; private set; }

    public GrainFactory Factory { get; private set; } = null!;

    public static GrainReference Create(
        Type interfaceType, GrainId grain, FrozenDictionary<MethodInfo, GrainMethod> methods, GrainFactory factory, ActivationDirectory directory)
    {
        var reference = (GrainReference)Create(interfaceType, typeof(GrainReference));
        reference.GrainId = grain;
        reference.Factory = factory;
        reference._methods = methods;
        reference._directory = directory;
        return reference;
    }

    public bool Equals(GrainReference? other) => other is not null && other.GrainId.Equals(GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _methods[targetMethod!].Send(_directory, GrainId, args);
}
