using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SlungOrleans.EndToEnd;

/// <summary>The silo as users run it: a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>128 and the number of SIGKILL.</summary>
    private const int KilledExitCode = 137;

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private SiloProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string data, params string[] arguments)
    {
        await using var silo = new SiloProcess(Start([.. arguments, "--data", data]));
        await silo.WaitForExitAsync(string.Join(' ', arguments));
        return (silo._process.ExitCode, silo.Output);
    }

    /// <summary>Runs a command to its end that asks a lab that runs.</summary>
    public static async Task<(int ExitCode, string Output)> RunElsewhereAsync(Uri server, string? token, params string[] arguments)
    {
        await using var silo = new SiloProcess(Start(
            [.. arguments, "--server", server.ToString().TrimEnd('/')], settings: token is null ? [] : [("SLUNGORLEANS_TOKEN", token)]));
        await silo.WaitForExitAsync(string.Join(' ', arguments));
        return (silo._process.ExitCode, silo.Output);
    }

    /// <summary>Starts a command and does not wait for its end.</summary>
    public static SiloProcess Begin(string data, params string[] arguments) => new(Start([.. arguments, "--data", data]));

    /// <summary>Runs a command that is to kill itself at a fault point. Returns whether it did, and did not end by itself.</summary>
    public static async Task<(bool Killed, string Output)> RunToFaultAsync(string data, string fault, params string[] arguments)
    {
        await using var silo = new SiloProcess(Start([.. arguments, "--data", data], fault));
        await silo.WaitForExitAsync(string.Join(' ', arguments));
        return (silo._process.ExitCode == KilledExitCode, silo.Output);
    }

    /// <summary>Runs a command and kills it, as <c>kill -9</c> does, after a time or once it has done enough. Returns whether it was killed, and did not end by itself.</summary>
    public static async Task<(bool Killed, string Output)> RunAndKillAsync(string data, TimeSpan after, Func<bool> enough, params string[] arguments)
    {
        await using var silo = new SiloProcess(Start([.. arguments, "--data", data]));
        using var timer = new PeriodicTimer(WatchPeriod);
        var started = Stopwatch.GetTimestamp();
        while (!silo._process.HasExited && Stopwatch.GetElapsedTime(started) < after && !enough())
        {
            await timer.WaitForNextTickAsync();
        }

        await silo.KillAsync();
        return (silo._process.ExitCode == KilledExitCode, silo.Output);
    }

    /// <summary>Serves the dashboard at a free port; returns once it answers.</summary>
    public static Task<(SiloProcess Silo, Uri Address)> ServeAsync(string data, params (string Name, string Value)[] settings) =>
        ServeAsync(data, new Uri($"http://127.0.0.1:{FreePort()}"), settings);

    /// <summary>Serves the dashboard at an address, as a silo that is started again; returns once it answers.</summary>
    public static async Task<(SiloProcess Silo, Uri Address)> ServeAsync(string data, Uri address, params (string Name, string Value)[] settings)
    {
        var silo = new SiloProcess(Start(["--data", data, "--url", address.ToString().TrimEnd('/')], settings: settings));
        using var client = new HttpClient();
        try
        {
            await Wait.UntilAsync(() => AnswersAsync(client, address, silo._process), $"the dashboard at {address}", () => silo.Output);
            return (silo, address);
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the process as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Start(IReadOnlyList<string> arguments, string? fault = null, IEnumerable<(string Name, string Value)>? settings = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Silo, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        if (fault is not null)
        {
            start.Environment["SLUNGORLEANS_FAULT"] = fault;
        }

        foreach (var (name, value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The silo could not be started.");
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address, Process process)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"The silo ended with exit code {process.ExitCode}.");
        }

        try
        {
            using var response = await client.GetAsync(new Uri(address, "health"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitForExitAsync(string command)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"`{command}` did not end within 5 minutes. Its output:\n{Output}");
        }
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
