using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SlungOrleans.Silo.Workers;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Finds every fault of the settings at once.</summary>
/// <param name="isCluster">Whether the build hosts its grains in a cluster.</param>
internal sealed partial class LabOptionsValidator(bool isCluster) : IValidateOptions<LabOptions>
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, LabOptions options)
    {
        List<string> faults = [.. OfSilo(options), .. LabAccess.Faults(options), .. OfBlobs(options), .. OfCluster(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> OfSilo(LabOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Data))
        {
            yield return "Lab:Data is empty; a folder is expected.";
        }

        if (options.SiloName.Contains('/', StringComparison.Ordinal) || options.SiloName.Length > 150)
        {
            yield return $"Lab:SiloName '{options.SiloName}' contains '/' or is longer than 150 characters.";
        }

        if (options.Devices is < 0 or > 1024)
        {
            yield return $"Lab:Devices is {options.Devices}; expected 0 to 1024.";
        }

        foreach (var device in options.DeviceNames)
        {
            if (Engines.FaultOf(device) is { } fault)
            {
                yield return $"Lab:DeviceNames names '{device}', which {fault}.";
            }
        }

        if (options.DeviceNames.Distinct(StringComparer.Ordinal).Count() < options.DeviceNames.Count)
        {
            yield return "Lab:DeviceNames names a device twice; each takes one piece of work at a time.";
        }

        if (!Enum.IsDefined(options.Engine.Precision) || options.Engine.SequencesAtOnce < 0 || options.Engine.LogitsAtOnce < 1)
        {
            yield return "Lab:Engine is out of range; expected Precision Single, TensorFloat32 or BFloat16, SequencesAtOnce 0 or more, LogitsAtOnce 1 or more.";
        }

        if (options.Encoder is not (LabOptions.OwnEncoder or LabOptions.MicrosoftEncoder))
        {
            yield return $"Lab:Encoder is '{options.Encoder}'; expected {LabOptions.OwnEncoder} or {LabOptions.MicrosoftEncoder}.";
        }
        else if (options.Encoder == LabOptions.MicrosoftEncoder && !LabOptions.HasMicrosoftEncoder)
        {
            yield return $"Lab:Encoder is '{options.Encoder}', which needs a build with -p:UseMicrosoftTokenizers=true.";
        }

        if (options.ThreadsPerDevice is < 1 or > 1024)
        {
            yield return $"Lab:ThreadsPerDevice is {options.ThreadsPerDevice}; expected 1 to 1024.";
        }

        if (options.ModelMemory < 1L << 20)
        {
            yield return $"Lab:ModelMemory is {options.ModelMemory}; expected 1048576 bytes or more.";
        }

        if (options.TrainingMemory < 1L << 20)
        {
            yield return $"Lab:TrainingMemory is {options.TrainingMemory}; expected 1048576 bytes or more, or no such setting.";
        }

        if (IsNoPatience(options.WorkerLostAfter))
        {
            yield return $"Lab:WorkerLostAfter is {options.WorkerLostAfter}; expected 00:00:03 to 00:10:00.";
        }
    }

    private static IEnumerable<string> OfBlobs(LabOptions options)
    {
        if (options.BlobFolder is { } folder && string.IsNullOrWhiteSpace(folder))
        {
            yield return "Lab:BlobFolder is empty; a folder is expected, or no such setting.";
        }

        if (options.AzureBlobs is null)
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(options.AzureBlobs))
        {
            yield return "Lab:AzureBlobs is empty; a connection string is expected, or no such setting.";
        }

        if (options.BlobFolder is not null)
        {
            yield return "Lab:BlobFolder and Lab:AzureBlobs are both set; one of them is expected.";
        }

        if (!ContainerName().IsMatch(options.AzureContainer))
        {
            yield return $"Lab:AzureContainer '{options.AzureContainer}' is no name of a container; expected 3 to 63 of a-z, 0-9 and single '-' between them.";
        }
    }

    private IEnumerable<string> OfCluster(LabOptions options)
    {
        if (!isCluster)
        {
            if (options.ClusterDatabase is not null)
            {
                yield return "Lab:ClusterDatabase is set, but this build hosts its grains in one process; build with -p:UseOrleans=true for a cluster.";
            }

            yield break;
        }

        if (string.IsNullOrWhiteSpace(options.ClusterDatabase))
        {
            yield return "Lab:ClusterDatabase is not set; a build with UseOrleans needs the connection string of a PostgreSQL database.";
        }

        if (options.BlobFolder is null && options.AzureBlobs is null)
        {
            yield return "Neither Lab:BlobFolder nor Lab:AzureBlobs is set; the silos of a cluster need a store that they share.";
        }

        if (string.IsNullOrWhiteSpace(options.ClusterId) || options.ClusterId.Length > 150)
        {
            yield return $"Lab:ClusterId '{options.ClusterId}' is empty or longer than 150 characters.";
        }

        if (!IPAddress.TryParse(options.AdvertisedAddress, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            yield return $"Lab:AdvertisedAddress '{options.AdvertisedAddress}' is not an IP address of this machine; expected for example 10.0.0.5.";
        }

        if (options.SiloPort is < 1 or > 65535)
        {
            yield return $"Lab:SiloPort is {options.SiloPort}; expected 1 to 65535.";
        }

        if (options.GatewayPort is < 1 or > 65535)
        {
            yield return $"Lab:GatewayPort is {options.GatewayPort}; expected 1 to 65535.";
        }
        else if (options.GatewayPort == options.SiloPort)
        {
            yield return $"Lab:SiloPort and Lab:GatewayPort are both {options.SiloPort}; two different ports are expected.";
        }

        if (IsNoPatience(options.SiloLostAfter))
        {
            yield return $"Lab:SiloLostAfter is {options.SiloLostAfter}; expected 00:00:03 to 00:10:00.";
        }
    }

    private static bool IsNoPatience(TimeSpan time) => time < ShortestPatience || time > LongestPatience;

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerName();
}
