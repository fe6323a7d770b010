using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SlungOrleans.Cluster.Tests.Machines;

/// <summary>A silo, or a command, as a process of its own: of the build of one process, or of the one with Orleans.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Variable = "SLUNGORLEANS_CLUSTER_SILO";
    private const string Assembly = "SlungOrleans.Silo.dll";

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private SiloProcess(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The silo could not be started.");
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string? ReasonToSkipCluster => Built is null
        ? $"{Variable} is not set; expected the folder of a silo built with -p:UseOrleans=true (tests/Cluster/README.md)."
        : File.Exists(Path.Combine(Built, Assembly)) ? null : $"{Variable} is '{Built}', where there is no {Assembly}.";

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

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

    private static string? Built => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Starts the build with Orleans.</summary>
    public static SiloProcess BeginInCluster(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        new(Path.Combine(Built!, Assembly), arguments, settings);

    /// <summary>Starts the build of one process.</summary>
    public static SiloProcess BeginAlone(params string[] arguments) => new(Repository.Silo, arguments, new Dictionary<string, string>());

    public Task KillAsync() => SignalAndWaitAsync("KILL");

    public Task TerminateAsync() => SignalAndWaitAsync("TERM");

    public void Pause() => Signal("STOP");

    public void Continue() => Signal("CONT");

    /// <summary>Waits for the end of a command, which is to be a good one.</summary>
    public async Task WaitForSuccessAsync(Func<string> context)
    {
        await Wait.UntilAsync(() => HasExited, "the end of the command", () => $"{Output}\n{context()}");
        await _process.WaitForExitAsync();
        Assert.True(ExitCode == 0, $"{Output}\n{context()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAndWaitAsync(string signal)
    {
        Signal(signal);
        await _process.WaitForExitAsync();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
