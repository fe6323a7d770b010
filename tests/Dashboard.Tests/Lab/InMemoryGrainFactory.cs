using System.Reflection;
using Orleans;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A grain factory whose grains are answered by an <see cref="InMemoryLab"/>.</summary>
public class InMemoryGrainFactory : DispatchProxy
{
    private InMemoryLab _lab = null!;

    internal static IGrainFactory Create(InMemoryLab lab)
    {
        var factory = Create<IGrainFactory, InMemoryGrainFactory>();
        ((InMemoryGrainFactory)(object)factory)._lab = lab;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod is not { Name: nameof(IGrainFactory.GetGrain), IsGenericMethod: true } || args is not [string key, ..])
        {
            throw new NotSupportedException($"The dashboard gets grains by a string key only, not by {targetMethod}.");
        }

        var type = targetMethod.GetGenericArguments()[0];
        var grain = DispatchProxy.Create(type, typeof(InMemoryGrain));
        ((InMemoryGrain)grain).Become(_lab, type, key);
        return grain;
    }
}

/// <summary>A grain that is answered by an <see cref="InMemoryLab"/>.</summary>
public class InMemoryGrain : DispatchProxy
{
    private static readonly MethodInfo Typed = typeof(InMemoryGrain).GetMethod(nameof(TypedAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private InMemoryLab _lab = null!;
    private Type _type = null!;
    private string _key = "";

    internal void Become(InMemoryLab lab, Type type, string key) => (_lab, _type, _key) = (lab, type, key);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = _lab.AnswerAsync(_type, _key, targetMethod!.Name, args ?? []);
        return targetMethod.ReturnType == typeof(Task)
            ? answer
            : Typed.MakeGenericMethod(targetMethod.ReturnType.GetGenericArguments()[0]).Invoke(null, [answer]);
    }

    private static async Task<T> TypedAsync<T>(Task<object> answer) => (T)await answer;
}
