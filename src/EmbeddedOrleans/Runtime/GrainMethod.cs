using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

// What a grain method may return.
internal enum ReturnForm
{
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
}

// A method of a grain interface: how it is called and how its calls are scheduled.
internal abstract class GrainMethod
{
    private static readonly object[] NoArguments = [];

    private readonly ValueCopier[] _copiers;

    protected GrainMethod(MethodInfo method, ValueCopier[] copiers)
    {
        _copiers = copiers;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        var index = Array.FindIndex(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));
        CancellationIndex = index < 0 ? null : index;
    }

    public string Name { get; }

    public bool ReadOnly { get; }

    public bool AlwaysInterleave { get; }

    public bool OneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    public int? CancellationIndex { get; }

    // Returns what the method's caller gets: a task of the form that the method returns.
    public abstract object Send(ActivationDirectory directory, GrainId grain, object?[]? arguments);

    // Null and a fault if the method is not one that can be called from afar.
    public static GrainMethod? TryCreate(MethodInfo method, out string? fault)
    {
        var name = $"{method.DeclaringType}.{method.Name}";
        var type = method.ReturnType;
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        ReturnForm? form =
            definition == typeof(Task) ? ReturnForm.Task
            : definition == typeof(Task<>) ? ReturnForm.TaskOfResult
            : definition == typeof(ValueTask) ? ReturnForm.ValueTask
            : definition == typeof(ValueTask<>) ? ReturnForm.ValueTaskOfResult
            : null;
        fault =
            method.IsStatic || method.IsGenericMethod ? $"{name} is static or generic; expected an ordinary method."
            : form is null ? $"{name} returns {type}; expected Task, Task<T>, ValueTask or ValueTask<T>."
            : type.IsGenericType && method.IsDefined(typeof(OneWayAttribute)) ? $"{name} is [OneWay] and has a result; expected none."
            : null;
        if (fault is not null)
        {
            return null;
        }

        var result = type.IsGenericType ? type.GetGenericArguments()[0] : typeof(object);
        var resultCopier = type.IsGenericType ? ValueCopier.TryCreate(result, method.ReturnParameter, out fault) : ValueCopier.None;
        if (resultCopier is null)
        {
            fault = $"{name}: the result {fault}";
            return null;
        }

        var copiers = new List<ValueCopier>();
        foreach (var parameter in method.GetParameters())
        {
            if (ValueCopier.TryCreate(parameter.ParameterType, parameter, out fault) is not { } copier)
            {
                fault = $"{name}: the parameter '{parameter.Name}' {fault}";
                return null;
            }

            copiers.Add(copier);
        }

        return (GrainMethod)Activator.CreateInstance(
            typeof(GrainMethod<>).MakeGenericType(result), method, form, copiers.ToArray(), resultCopier)!;
    }

    protected object?[] CopyArguments(object?[]? arguments)
    {
        if (arguments is null || arguments.Length == 0)
        {
            return NoArguments;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _copiers[i].Copy(arguments[i]);
        }

        return arguments;
    }
}

internal sealed class GrainMethod<TResult>(MethodInfo method, ReturnForm form, ValueCopier[] copiers, ValueCopier resultCopier)
    : GrainMethod(method, copiers)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);

    public override object Send(ActivationDirectory directory, GrainId grain, object?[]? arguments)
    {
        var timeout = OneWay ? Timeout.InfiniteTimeSpan : ResponseTimeout ?? directory.ResponseTimeout;
        var call = new Call<TResult>(this, grain, CopyArguments(arguments), timeout, directory.CallLogger);
        call.WaitForResponse();
        directory.Send(grain, call);
        var response = OneWay ? Task.FromResult(default(TResult)) : call.Response;
        return form switch
        {
            ReturnForm.ValueTask => new ValueTask(response),
            ReturnForm.ValueTaskOfResult => new ValueTask<TResult?>(response),
            _ => response,
        };
    }

    public async Task<TResult?> InvokeAsync(object grain, object?[] arguments)
    {
        var returned = _invoker.Invoke(grain, arguments.AsSpan());
        switch (form)
        {
            case ReturnForm.TaskOfResult:
                return await (Task<TResult>)returned!;
            case ReturnForm.ValueTaskOfResult:
                return await (ValueTask<TResult>)returned!;
            case ReturnForm.ValueTask:
                await (ValueTask)returned!;
                return default;
            default:
                await (Task)returned!;
                return default;
        }
    }

    public TResult? CopyResult(TResult? result) => resultCopier.Copies ? (TResult?)resultCopier.Copy(result) : result;
}
