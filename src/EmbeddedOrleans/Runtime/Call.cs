using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

// A call of a grain's method on its way to the grain, and its response on the way back.
internal sealed class Call<TResult> : Request
{
    private readonly TaskCompletionSource<TResult?> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GrainMethod<TResult> _method;
    private readonly object?[] _arguments;
    private readonly GrainId _grain;
    private readonly GrainId? _caller;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private Timer? _timer;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _callerCancels;

    public Call(GrainMethod<TResult> method, GrainId grain, object?[] arguments, TimeSpan timeout, ILogger logger)
    {
        _method = method;
        _arguments = arguments;
        _grain = grain;
        _caller = RuntimeContext.Current?.GrainId;
        _timeout = timeout;
        _logger = logger;
        ReadOnly = method.ReadOnly;
        AlwaysInterleave = method.AlwaysInterleave;
    }

    public Task<TResult?> Response => _response.Task;

    // The response is waited for until the time-out or the caller's cancellation; the call itself goes on.
    public void WaitForResponse()
    {
        if (_method.CancellationIndex is { } index && _arguments[index] is CancellationToken token)
        {
            _cancellation = new();
            _arguments[index] = _cancellation.Token;
            _callerCancels = token.UnsafeRegister(static (state, cancelled) => ((Call<TResult>)state!).OnCancelled(cancelled), this);
        }

        if (_timeout != Timeout.InfiniteTimeSpan)
        {
            using (ExecutionContext.SuppressFlow())
            {
                _timer = new Timer(static state => ((Call<TResult>)state!).OnTimeout(), this, _timeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public override async Task RunAsync(Activation activation)
    {
        if (_response.Task.IsCompleted)
        {
            // The caller has given up while the call was waiting; Orleans drops such calls too.
            StopWaiting();
            return;
        }

        try
        {
            var result = await _method.InvokeAsync(activation.GrainInstance!, _arguments);
            _response.TrySetResult(_method.CopyResult(result));
        }
        catch (Exception exception)
        {
            Log.CallFailed(_logger, _method.OneWay ? LogLevel.Warning : LogLevel.Debug, _method.Name, _grain, exception);
            activation.OnFailure(exception);
            Fail(exception);
        }

        StopWaiting();
    }

    public override void Reject(Exception exception)
    {
        if (_method.OneWay)
        {
            Log.CallFailed(_logger, LogLevel.Warning, _method.Name, _grain, exception);
        }

        Fail(exception);
        _cancellation?.Cancel();
        StopWaiting();
    }

    private void Fail(Exception exception)
    {
        // Nobody hears of the response of a one-way call.
        if (_method.OneWay)
        {
            _response.TrySetResult(default);
        }
        else
        {
            _response.TrySetException(exception);
        }
    }

    private void OnCancelled(CancellationToken cancelled)
    {
        _response.TrySetCanceled(cancelled);
        _cancellation!.Cancel();
    }

    private void OnTimeout()
    {
        var sender = _caller is { } caller ? $"{caller} -> " : "";
        if (_response.TrySetException(new TimeoutException(
            $"Response did not arrive on time in {_timeout} for message: Request [{sender}{_grain}] {_method.Name}.")))
        {
            _cancellation?.Cancel();
        }
    }

    private void StopWaiting()
    {
        _timer?.Dispose();
        _callerCancels.Unregister();
    }
}
