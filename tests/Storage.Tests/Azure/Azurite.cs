using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SlungOrleans.Storage.Tests.Azure;

/// <summary>Azurite in a process of its own, on a free port, in memory.</summary>
public sealed partial class Azurite : IDisposable
{
    private const string Account = "lab";
    private const string Key = "c2x1bmctb3JsZWFucy10ZXN0cy1vbmx5LTAwMDAwMDA=";

    private readonly Process _process;

    private Azurite(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public static string? ReasonToSkip => Executable is null ? "There is no Azurite; tests/tools/azurite.sh installs it." : null;

    public int Port { get; }

    public string ConnectionString => ConnectionStringTo(Port);

    private static string? Executable => new[]
    {
        Environment.GetEnvironmentVariable("AZURITE"),
        Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Home(".cache"), "slungorleans/azurite/node_modules/.bin/azurite-blob"),
    }.FirstOrDefault(File.Exists);

    public static string ConnectionStringTo(int port, string key = Key) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    public static async Task<Azurite> StartAsync()
    {
        var start = new ProcessStartInfo(Executable!, ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--silent", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{Key}";
        Process process = Process.Start(start)!;
        var port = new TaskCompletionSource<int>();
        process.ErrorDataReceived += (_, line) => Listen(line.Data);
        process.OutputDataReceived += (_, line) => Listen(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            return new Azurite(process, await port.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("Azurite did not say within 60 s that it listens.");
        }

        void Listen(string? line)
        {
            if (line is not null && Listening().Match(line) is { Success: true } match)
            {
                port.TrySetResult(int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Home(string folder) => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder);

    [GeneratedRegex("listens on http://127\\.0\\.0\\.1:([0-9]+)")]
    private static partial Regex Listening();
}
