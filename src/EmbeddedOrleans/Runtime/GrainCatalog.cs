using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Orleans.Runtime;

// The grain classes of the process, and what is wrong with them.
internal sealed class GrainCatalog
{
    private readonly Dictionary<Type, FrozenDictionary<MethodInfo, GrainMethod>> _methods = [];
    private readonly Dictionary<GrainType, GrainClass> _classes = [];
    private readonly ConcurrentDictionary<Type, GrainClass> _resolved = new();
    private readonly List<string> _faults = [];

    // Types that are no grain classes are passed over.
    public GrainCatalog(IEnumerable<Type> types)
    {
        var classes = types.Distinct()
            .Where(type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
                && typeof(IGrainBase).IsAssignableFrom(type) && typeof(IGrain).IsAssignableFrom(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        foreach (var type in classes)
        {
            var grainClass = new GrainClass(type, MethodsOf, _faults);
            if (!_classes.TryAdd(grainClass.GrainType, grainClass))
            {
                _faults.Add($"The grain classes {_classes[grainClass.GrainType].Type} and {type} both have the type of grain '{grainClass.GrainType}'; expected a [GrainType] of its own for each.");
            }
        }
    }

    public IReadOnlyList<string> Faults => _faults;

    public IEnumerable<GrainClass> Classes => _classes.Values;

    public bool TryGetClass(GrainType type, [MaybeNullWhen(false)] out GrainClass grainClass) => _classes.TryGetValue(type, out grainClass);

    // The one class that implements the interface.
    public GrainClass Resolve(Type interfaceType, string? classNamePrefix)
    {
        if (!string.IsNullOrEmpty(classNamePrefix))
        {
            return Find(
                interfaceType,
                candidate => candidate.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal),
                $" matching prefix \"{classNamePrefix}\"");
        }

        return _resolved.TryGetValue(interfaceType, out var known)
            ? known
            : _resolved.GetOrAdd(interfaceType, type => Find(type, _ => true, ""));
    }

    private GrainClass Find(Type interfaceType, Func<GrainClass, bool> matches, string condition)
    {
        var candidates = _classes.Values.Where(candidate => candidate.Interfaces.ContainsKey(interfaceType) && matches(candidate)).ToArray();
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException($"Could not find an implementation{condition} for interface {interfaceType}"),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {interfaceType}{condition}. "
                + $"Candidates: {string.Join(", ", candidates.Select(candidate => candidate.Type.FullName))}"),
        };
    }

    private FrozenDictionary<MethodInfo, GrainMethod> MethodsOf(Type interfaceType)
    {
        if (_methods.TryGetValue(interfaceType, out var known))
        {
            return known;
        }

        var methods = new Dictionary<MethodInfo, GrainMethod>();
        foreach (var method in interfaceType.GetInterfaces().Prepend(interfaceType).SelectMany(type => type.GetMethods()))
        {
            if (GrainMethod.TryCreate(method, out var fault) is { } grainMethod)
            {
                methods[method] = grainMethod;
            }
            else if (!_faults.Contains(fault!))
            {
                _faults.Add(fault!);
            }
        }

        return _methods[interfaceType] = methods.ToFrozenDictionary();
    }
}
