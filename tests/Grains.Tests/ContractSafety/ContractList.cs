using System.Globalization;
using System.Reflection;
using Orleans.Runtime;
using SlungOrleans.Contracts;

namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>
/// Everything by which silos of different builds, and a build and what an earlier one stored, understand each other: a line per type, member,
/// interface, method, enumeration value, kind of grain and stored state.
/// </summary>
internal static class ContractList
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types = [.. new[] { typeof(IWorkGrain).Assembly, typeof(WorkGrains).Assembly }.SelectMany(assembly => assembly.GetTypes())];

    public static IReadOnlyList<string> Read() =>
    [
        .. Serialized().SelectMany(OfSerialized)
            .Concat(Interfaces().SelectMany(OfInterface))
            .Concat(Enumerations().SelectMany(OfEnumeration))
            .Concat(States().Select(state => $"grain {GrainTypeOf(state.Grain)} state {state.Attribute.StateName} in {state.Attribute.StorageName} is {NameOf(state.State)}"))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<Type> Serialized() => Types.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null);

    public static IEnumerable<Type> Interfaces() => Types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)));

    /// <summary>What grains store: the parameters of their constructors that say so.</summary>
    public static IEnumerable<(Type Grain, PersistentStateAttribute Attribute, Type State)> States() =>
        from type in Types
        from constructor in type.GetConstructors()
        from parameter in constructor.GetParameters()
        let attribute = parameter.GetCustomAttribute<PersistentStateAttribute>()
        where attribute is not null
        select (type, attribute, parameter.ParameterType.GetGenericArguments()[0]);

    public static IEnumerable<(uint Id, PropertyInfo Member)> Members(Type type) =>
        from property in type.GetProperties(Own)
        let id = property.GetCustomAttribute<IdAttribute>()
        where id is not null
        select (id.Id, property);

    public static string AliasOf(MemberInfo member) => string.Join('+', member.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias));

    private static IEnumerable<string> OfSerialized(Type type) => Members(type)
        .Select(member => string.Create(CultureInfo.InvariantCulture, $"member {AliasOf(type)} {member.Id} {member.Member.Name}: {NameOf(member.Member.PropertyType)}"))
        .Append($"type {AliasOf(type)} {type.FullName}{(type.BaseType is { } parent && parent != typeof(object) ? $" of {NameOf(parent)}" : "")}");

    private static IEnumerable<string> OfInterface(Type type) => type.GetMethods()
        .Select(method => $"method {AliasOf(type)} {AliasOf(method)} {method.Name}({string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))}): {NameOf(method.ReturnType)}")
        .Append($"interface {AliasOf(type)} {type.FullName}");

    private static IEnumerable<string> OfEnumeration(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(value => $"value {type.FullName} {Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}");

    private static IEnumerable<Type> Enumerations() => Serialized().SelectMany(Members).Select(member => member.Member.PropertyType)
        .Concat(Interfaces().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
        .SelectMany(Parts)
        .Where(type => type.IsEnum)
        .Distinct();

    private static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Append(type);

    /// <summary>As both hosts name the type of a grain in the ids that they store.</summary>
    private static string GrainTypeOf(Type grain) => grain.Name.ToLowerInvariant() is var name && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^"grain".Length] : grain.Name.ToLowerInvariant();

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
