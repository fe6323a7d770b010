using System.Runtime.ExceptionServices;

namespace SlungOrleans.Training.Managed;

/// <summary>
/// A fixed team of threads, the caller's one of them, that shares out numbered jobs. Which thread does a job is left to chance, so jobs
/// must not depend on it. Nothing is allocated in a call. Waiting threads sleep: on a busy machine spinning costs more than waking.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Lock _errorLock = new();
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread[] _helpers;
    private Action<int, int>? _job;
    private int _jobs;
    private int _next;
    private int _failedJob;
    private ExceptionDispatchInfo? _error;

    internal WorkerTeam(int threads)
    {
        Size = threads;
        _helpers = new Thread[threads - 1];
        for (int helper = 0; helper < _helpers.Length; helper++)
        {
            int worker = helper + 1;
            _helpers[helper] = new Thread(() => Help(worker)) { IsBackground = true, Name = $"managed engine {worker}" };
            _helpers[helper].Start();
        }
    }

    internal int Size { get; }

    /// <summary>Calls <paramref name="job"/> with (worker, number) for every number below <paramref name="jobs"/>; returns when all are done.</summary>
    internal void ForEach(int jobs, Action<int, int> job)
    {
        _job = job;
        _jobs = jobs;
        _next = 0;
        int helpers = Math.Min(_helpers.Length, jobs - 1);
        if (helpers > 0)
        {
            _start.Release(helpers);
        }

        Work(0);
        for (int helper = 0; helper < helpers; helper++)
        {
            _done.Wait();
        }

        _job = null;
        if (_error is { } error)
        {
            _error = null;
            error.Throw();
        }
    }

    public void Dispose()
    {
        if (_helpers.Length > 0)
        {
            _start.Release(_helpers.Length);
        }

        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }

        _start.Dispose();
        _done.Dispose();
    }

    private void Help(int worker)
    {
        while (true)
        {
            _start.Wait();
            if (_job is null)
            {
                return;
            }

            Work(worker);
            _done.Release();
        }
    }

    private void Work(int worker)
    {
        for (int number; (number = Interlocked.Increment(ref _next) - 1) < _jobs;)
        {
            try
            {
                _job!(worker, number);
            }
            catch (Exception exception)
            {
                Keep(number, exception);
            }
        }
    }

    /// <summary>Keeps the error of the lowest job, to be thrown on the caller's thread.</summary>
    private void Keep(int number, Exception exception)
    {
        lock (_errorLock)
        {
            if (_error is null || number < _failedJob)
            {
                _failedJob = number;
                _error = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
