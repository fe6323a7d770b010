using System.Net;
using Microsoft.Extensions.Options;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Settings of a silo. From the command line, environment (<c>Lab__Data</c> …) or appsettings.json, section <c>Lab</c>.</summary>
public sealed class LabOptions
{
    /// <summary>The section that they are read from.</summary>
    public const string Section = "Lab";

    /// <summary>The folder of everything that the lab keeps. Default: <c>data</c> below the working folder.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Where the dashboard listens. Default: http://127.0.0.1:5080.</summary>
    public string Url { get; set; } = "http://127.0.0.1:5080";

    /// <summary>The silo's name. Default: the machine's name.</summary>
    public string SiloName { get; set; } = Environment.MachineName;

    /// <summary>Devices that take work, one piece at a time each. Default: the number of cores.</summary>
    public int Devices { get; set; } = Environment.ProcessorCount;

    /// <summary>Threads of each device; results do not depend on it. Default: 1.</summary>
    public int ThreadsPerDevice { get; set; } = 1;

    /// <summary>Most bytes of trained models that are kept in memory to be asked by the dashboard. Default: 1 GiB.</summary>
    public long ModelMemory { get; set; } = 1L << 30;

    /// <summary>Connection string of PostgreSQL, for a cluster (builds with <c>-p:UseOrleans=true</c> only).</summary>
    public string? ClusterDatabase { get; set; }
}

/// <summary>Finds every fault of the settings at once.</summary>
internal sealed class LabOptionsValidator : IValidateOptions<LabOptions>
{
    public ValidateOptionsResult Validate(string? name, LabOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Data))
        {
            faults.Add("Lab:Data is empty; a folder is expected.");
        }

        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            faults.Add($"Lab:Url '{options.Url}' is not an address; expected for example http://127.0.0.1:5080.");
        }
        else if (!IsLoopback(url))
        {
            faults.Add($"Lab:Url '{options.Url}' is reachable from other machines, and this version has no sign-in; expected an address of this machine such as http://127.0.0.1:5080.");
        }

        if (string.IsNullOrWhiteSpace(options.SiloName) || options.SiloName.Contains('/', StringComparison.Ordinal))
        {
            faults.Add($"Lab:SiloName '{options.SiloName}' is empty or contains '/'.");
        }

        if (options.Devices is < 0 or > 1024)
        {
            faults.Add($"Lab:Devices is {options.Devices}; expected 0 to 1024.");
        }

        if (options.ThreadsPerDevice is < 1 or > 1024)
        {
            faults.Add($"Lab:ThreadsPerDevice is {options.ThreadsPerDevice}; expected 1 to 1024.");
        }

        if (options.ModelMemory < 1L << 20)
        {
            faults.Add($"Lab:ModelMemory is {options.ModelMemory}; expected 1048576 bytes or more.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsLoopback(Uri url) => url.IsLoopback || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address));
}
