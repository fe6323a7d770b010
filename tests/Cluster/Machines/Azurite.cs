using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace SlungOrleans.Cluster.Tests.Machines;

/// <summary>Azurite in a process of its own, that keeps its blobs in a folder and can be started again over them.</summary>
internal sealed class Azurite : IDisposable
{
    private const string Account = "lab";
    private const string Key = "c2x1bmctb3JsZWFucy10ZXN0cy1vbmx5LTAwMDAwMDA=";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private Process? _process;

    private Azurite()
    {
    }

    public static string? ReasonToSkip => Executable is null ? "There is no Azurite; tests/tools/azurite.sh installs it." : null;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_port}/{Account};";

    private static string? Executable => new[]
    {
        Environment.GetEnvironmentVariable("AZURITE"),
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "slungorleans/azurite/node_modules/.bin/azurite-blob"),
    }.FirstOrDefault(File.Exists);

    public static async Task<Azurite> StartAsync()
    {
        var azurite = new Azurite();
        await azurite.StartAgainAsync();
        return azurite;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(
            Executable!,
            ["--blobHost", "127.0.0.1", "--blobPort", _port.ToString(CultureInfo.InvariantCulture), "--location", _folder.Path, "--silent", "--disableTelemetry"]);
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{Key}";
        _process = Process.Start(start);
        await Wait.UntilAsync(ListensAsync, "Azurite", () => $"port {_port}");
    }

    /// <summary>In order: Azurite keeps its list of blobs in memory and writes it every few seconds, so a kill would lose blobs that Azure would not.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
