using Microsoft.AspNetCore.Builder;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

/// <summary>The settings that people give as environment variables, which every test shares.</summary>
[CollectionDefinition(Settings)]
public sealed class ServedLabCollection
{
    public const string Settings = "environment variables";
}

/// <summary>A lab without devices in a folder of its own, as it is served: dashboard and HTTP API at a free port.</summary>
internal sealed class ServedLab : IAsyncDisposable
{
    private const string TokenVariable = "Lab__Token";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("served-lab-");
    private readonly WebApplication _silo;

    private ServedLab(string? token)
    {
        // As people set it; read while the host is put together.
        Environment.SetEnvironmentVariable(TokenVariable, token);
        try
        {
            _silo = LabHost.CreateServer(new CommandSettings(_data.FullName, Devices: 0), "http://127.0.0.1:0");
        }
        finally
        {
            Environment.SetEnvironmentVariable(TokenVariable, null);
        }
    }

    public IServiceProvider Services => _silo.Services;

    /// <summary>Keeps no cookies and follows nobody elsewhere.</summary>
    public HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Starts one.</summary>
    /// <param name="token">The sign-in token that it asks for; null for none.</param>
    public static async Task<ServedLab> StartAsync(string? token = null)
    {
        var lab = new ServedLab(token);
        await lab._silo.StartAsync();
        lab.Client.BaseAddress = new Uri(lab._silo.Urls.First());
        return lab;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _silo.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
