using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Orleans.Runtime;

// A grain class: its type of grain, the interfaces it is called by, and how it is created.
internal sealed class GrainClass
{
    private readonly List<(Type State, string Name)> _states = [];
    private readonly List<Type> _services = [];
    private readonly ObjectFactory? _factory;

    public GrainClass(Type type, Func<Type, FrozenDictionary<MethodInfo, GrainMethod>> methodsOf, List<string> faults)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? GrainType.Create(DefaultName(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        Interfaces = type.GetInterfaces()
            .Where(candidate => typeof(IGrain).IsAssignableFrom(candidate) && (candidate.Assembly != typeof(IGrain).Assembly || candidate == typeof(IRemindable)))
            .ToFrozenDictionary(candidate => candidate, methodsOf);
        if (type.GetConstructors() is not [var constructor])
        {
            faults.Add($"The grain class {type} has {type.GetConstructors().Length} public constructors; expected one.");
            return;
        }

        if (FindStates(constructor, faults))
        {
            _factory = ActivatorUtilities.CreateFactory(type, [.. _states.Select(state => typeof(IPersistentState<>).MakeGenericType(state.State))]);
        }
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool Reentrant { get; }

    public FrozenDictionary<Type, FrozenDictionary<MethodInfo, GrainMethod>> Interfaces { get; }

    // What the constructor needs of the services of the process.
    public IReadOnlyList<Type> Services => _services;

    // Creates the grain of an activation, in a turn of it, and the pieces of state that are to be read before it is used.
    public IGrainBase Create(Activation activation, Database database, out IReadOnlyList<Core.IStorage> states)
    {
        var created = _states
            .Select(state => Activator.CreateInstance(typeof(PersistentState<>).MakeGenericType(state.State), database, activation, state.Name)!)
            .ToArray();
        states = [.. created.Cast<Core.IStorage>()];
        return (IGrainBase)_factory!(activation.ActivationServices, created);
    }

    private static string DefaultName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > "grain".Length && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^"grain".Length] : name;
    }

    private bool FindStates(ConstructorInfo constructor, List<string> faults)
    {
        var before = faults.Count;
        foreach (var parameter in constructor.GetParameters())
        {
            var type = parameter.ParameterType;
            var attribute = parameter.GetCustomAttribute<PersistentStateAttribute>();
            var isState = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPersistentState<>);
            if (isState != attribute is not null)
            {
                faults.Add($"The grain class {Type} takes the parameter '{parameter.Name}'; expected [PersistentState] with IPersistentState<T>, or neither.");
            }
            else if (attribute is not null)
            {
                var state = type.GetGenericArguments()[0];
                if (!state.IsValueType && (state.IsAbstract || state.GetConstructor(Type.EmptyTypes) is null))
                {
                    faults.Add($"The grain class {Type} has the state '{attribute.StateName}' of the type {state}; expected a type with a constructor without parameters.");
                }

                if (_states.Any(other => other.Name == attribute.StateName))
                {
                    faults.Add($"The grain class {Type} has two states named '{attribute.StateName}'; expected a name of its own for each.");
                }

                _states.Add((state, attribute.StateName));
            }
            else if (!parameter.HasDefaultValue && !parameter.IsDefined(typeof(FromKeyedServicesAttribute)))
            {
                _services.Add(type);
            }
        }

        return faults.Count == before;
    }
}
