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

    /// <summary>What people sign in with. Default: none; one is generated at each start where one is needed.</summary>
    public string? Token { get; set; }

    /// <summary>A file of tokens, one a line as <c>name: token</c>, so that the audit log can say who did what. Default: none.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Whether people must sign in. Default: where <see cref="Url"/> can be reached from other machines, and where a token is set. Beyond this machine it cannot be switched off.</summary>
    public bool? RequireToken { get; set; }

    /// <summary>Names or addresses, joined by ';', that people reach the dashboard by, beside those of this machine for itself and the host of <see cref="Url"/>.</summary>
    public string AllowedHosts { get; set; } = "";

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

        faults.AddRange(LabAccess.Faults(options));
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

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
