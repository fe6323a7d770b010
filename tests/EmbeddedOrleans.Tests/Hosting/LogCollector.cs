using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EmbeddedOrleans.Tests;

internal sealed class LogCollector : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _lines = new();

    public async Task WaitForAsync(string start, string part)
    {
        var until = DateTime.UtcNow + Patience;
        while (!_lines.Any(line => line.StartsWith(start, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < until, $"Waited {Patience} for a line of log that starts with '{start}' and contains '{part}'.");
            await Task.Delay(5);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

    public void Dispose()
    {
    }
}
