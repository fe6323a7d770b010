using System.Numerics;
using System.Reflection;

namespace Orleans.Runtime;

// Orleans copies what is sent unless it is immutable, so that caller and grain never share what can change. Here what cannot
// change is passed on, the plain collections are copied, and anything else is refused when the host starts.
internal sealed class ValueCopier
{
    public static readonly ValueCopier None = new(null);

    private static readonly HashSet<Type> ImmutableTypes =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Uri), typeof(Version),
        typeof(CancellationToken),
    ];

    private readonly Func<object, object>? _copy;

    private ValueCopier(Func<object, object>? copy) => _copy = copy;

    public bool Copies => _copy is not null;

    public object? Copy(object? value) => _copy is null || value is null ? value : _copy(value);

    // Null and a fault if values of the type cannot be sent safely.
    public static ValueCopier? TryCreate(Type type, ParameterInfo site, out string? fault)
    {
        fault = null;
        if (site.IsDefined(typeof(ImmutableAttribute)))
        {
            return None;
        }

        if (typeof(IAddressable).IsAssignableFrom(type))
        {
            return new(value => value is IGrainBase grain ? GrainFactory.Reference(grain, type) : value);
        }

        var copier = CollectionCopier(type);
        Type[] mustBeImmutable = copier is null ? [type] : type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        var found = mustBeImmutable.Select(part => FindFault(part, [])).FirstOrDefault(part => part.Length > 0);
        fault = found is null ? null : $"{found}; expected an immutable type, an array, List, Dictionary or HashSet of immutable types, or [Immutable].";
        return found is not null ? null : copier is null ? None : new(copier);
    }

    private static Func<object, object>? CollectionCopier(Type type)
    {
        if (type.IsArray)
        {
            return array => ((Array)array).Clone();
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition != typeof(List<>) && definition != typeof(Dictionary<,>) && definition != typeof(HashSet<>))
        {
            return null;
        }

        // The copy keeps the comparer of a set or dictionary.
        var constructor = ConstructorInvoker.Create(CopyConstructor(type, definition));
        return definition == typeof(List<>)
            ? list => constructor.Invoke(list)
            : collection => constructor.Invoke(collection, type.GetProperty("Comparer")!.GetValue(collection));
    }

    private static ConstructorInfo CopyConstructor(Type type, Type definition)
    {
        var arguments = type.GetGenericArguments();
        Type[] parameters =
            definition == typeof(List<>) ? [typeof(IEnumerable<>).MakeGenericType(arguments)]
            : definition == typeof(HashSet<>)
                ? [typeof(IEnumerable<>).MakeGenericType(arguments), typeof(IEqualityComparer<>).MakeGenericType(arguments)]
            : [typeof(IDictionary<,>).MakeGenericType(arguments), typeof(IEqualityComparer<>).MakeGenericType(arguments[0])];
        return type.GetConstructor(parameters)!;
    }

    // Empty if no value of the type can be changed by one who holds it.
    private static string FindFault(Type type, HashSet<Type> seen)
    {
        // A type that holds itself is as immutable as the rest of it.
        if (!seen.Add(type) || type.IsPrimitive || type.IsEnum || ImmutableTypes.Contains(type) || type.IsDefined(typeof(ImmutableAttribute), inherit: false)
            || typeof(IAddressable).IsAssignableFrom(type))
        {
            return "";
        }

        if (type.IsGenericType && type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen")
        {
            return type.GetGenericArguments().Select(argument => FindFault(argument, seen)).FirstOrDefault(found => found.Length > 0, "");
        }

        if (!type.IsValueType && !(type.IsClass && type.IsSealed && !type.IsArray && !typeof(Delegate).IsAssignableFrom(type)))
        {
            return Fault(type, "is not sealed, or an array, interface or delegate");
        }

        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var member = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

                // A struct is copied when it is passed, whatever its fields are.
                if (!type.IsValueType && !field.IsInitOnly)
                {
                    return Fault(type, $"can be changed (member '{member}')");
                }

                if (FindFault(field.FieldType, seen) is { Length: > 0 } fault)
                {
                    return Fault(type, $"has the member '{member}', which {fault}");
                }
            }
        }

        return "";
    }

    private static string Fault(Type type, string why) => $"has the type {type}, which {why}";
}
