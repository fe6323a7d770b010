using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>An instance of a state with a value other than the default in every member, so that a member that is not read is noticed.</summary>
internal static class SampleState
{
    public static object Of(Type type)
    {
        var values = 0;
        return Make(type, "state", ref values);
    }

    private static object Make(Type type, string name, ref int values)
    {
        values++;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(underlying, name, ref values);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>().Last();
        }

        if (type.IsGenericType)
        {
            return MakeCollection(type, name, ref values);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => string.Create(CultureInfo.InvariantCulture, $"{name} {values}"),
            TypeCode.Boolean => true,
            TypeCode.Int32 => values,
            TypeCode.UInt64 => ulong.MaxValue - (ulong)values,
            TypeCode.Int64 => long.MaxValue - values,
            TypeCode.Double => values + (1.0 / 3),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(9)).AddMinutes(values),
            _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(1.5 + values),
            _ => MakeMembers(type, ref values),
        };
    }

    private static object MakeMembers(Type type, ref int values)
    {
        var constructor = type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length).First();
        var arguments = new List<object>();
        foreach (var parameter in constructor.GetParameters())
        {
            arguments.Add(Make(parameter.ParameterType, parameter.Name!, ref values));
        }

        var made = constructor.Invoke([.. arguments]);
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod is not null).OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            property.SetValue(made, Make(property.PropertyType, property.Name, ref values));
        }

        return made;
    }

    private static object MakeCollection(Type type, string name, ref int values)
    {
        var arguments = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var elements = Array.CreateInstance(arguments[0], 2);
            elements.SetValue(Make(arguments[0], name, ref values), 0);
            elements.SetValue(Make(arguments[0], name, ref values), 1);
            var create = typeof(ImmutableArray).GetMethods().Single(method =>
                method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }]);
            return create.MakeGenericMethod(arguments[0]).Invoke(null, [elements])!;
        }

        if (type.GetGenericTypeDefinition() == typeof(ImmutableDictionary<,>))
        {
            var empty = type.GetField("Empty")!.GetValue(null)!;
            return type.GetMethod("SetItem")!.Invoke(empty, [Make(arguments[0], "key", ref values), Make(arguments[1], name, ref values)])!;
        }

        throw new NotSupportedException($"A sample of {type} cannot be made; add its kind here.");
    }
}
