using System.Diagnostics;

namespace SlungOrleans.Silo.Workers;

/// <summary>Tokens per second over about the last five seconds.</summary>
internal sealed class SpeedMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private readonly Queue<(long Time, long Tokens)> _steps = new();
    private long _tokens;

    public double Add(long tokens)
    {
        var now = Stopwatch.GetTimestamp();
        _steps.Enqueue((now, tokens));
        _tokens += tokens;
        while (_steps.Count > 2 && Stopwatch.GetElapsedTime(_steps.Peek().Time, now) > Window)
        {
            _tokens -= _steps.Dequeue().Tokens;
        }

        // The first step of the window ended when the time began: its tokens do not count.
        var first = _steps.Peek();
        var seconds = Stopwatch.GetElapsedTime(first.Time, now).TotalSeconds;
        return seconds > 0 ? (_tokens - first.Tokens) / seconds : 0;
    }
}
