using SlungOrleans.Training;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Settings of a silo. From the command line, environment (<c>Lab__Data</c> …) or appsettings.json, section <c>Lab</c>.</summary>
public sealed class LabOptions
{
    /// <summary>The section that they are read from.</summary>
    public const string Section = "Lab";

    /// <summary>The project's own encoder.</summary>
    public const string OwnEncoder = "own";

    /// <summary>Microsoft.ML.Tokenizers.</summary>
    public const string MicrosoftEncoder = "microsoft";

    /// <summary>Whether this build has <see cref="MicrosoftEncoder"/>.</summary>
    public const bool HasMicrosoftEncoder =
#if USE_MICROSOFT_TOKENIZERS
        true;
#else
        false;
#endif

    /// <summary>The folder of everything that the lab keeps. Default: <c>data</c> below the working folder.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Where the dashboard listens. Default: http://127.0.0.1:5080.</summary>
    public string Url { get; set; } = "http://127.0.0.1:5080";

    /// <summary>The silo's name, its own within the cluster. Default: the machine's name; in a cluster with the silo's port, for example <c>machine-11111</c>.</summary>
    public string SiloName { get; set; } = "";

    /// <summary>Devices that take work, one piece at a time each; 0 for a silo that only hosts grains, whatever else is set. Default: the number of cores.</summary>
    public int Devices { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// The devices by name, instead of <see cref="Devices"/>: <c>cpu:0</c>, and in builds with TorchSharp <c>cuda:0</c> or <c>torch:cpu</c>. Work
    /// goes to any of them, unless a study's <c>training.device</c> names a kind. Default: all GPUs where the build can use them, or else <see cref="Devices"/>.
    /// </summary>
    public IReadOnlyList<string> DeviceNames { get; set; } = [];

    /// <summary>How TorchSharp's devices compute; the precision changes the numbers, so all silos want the same.</summary>
    public EngineSettings Engine { get; set; } = new();

    /// <summary>
    /// What encodes text: <c>own</c>, or <c>microsoft</c> (Microsoft.ML.Tokenizers, in builds with <c>-p:UseMicrosoftTokenizers=true</c>). The ids are the
    /// same. Default: <c>own</c>.
    /// </summary>
    public string Encoder { get; set; } = OwnEncoder;

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

    /// <summary>Most bytes of trained models that are kept in memory to be asked by the dashboard. Default: 1 GiB.</summary>
    public long ModelMemory { get; set; } = 1L << 30;

    /// <summary>Bytes of memory that all runs which train at a time may take. Default: what the machine, or the container, has.</summary>
    public long? TrainingMemory { get; set; }

    /// <summary>A worker that has not been heard of for so long is gone, and its work is given to another. 3 s to 10 min. Default: 10 s.</summary>
    public TimeSpan WorkerLostAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A folder for blobs that all silos share. Default: <c>blobs</c> in <see cref="Data"/>, which a cluster does not share.</summary>
    public string? BlobFolder { get; set; }

    /// <summary>Connection string of an Azure storage account for blobs, instead of <see cref="BlobFolder"/>.</summary>
    public string? AzureBlobs { get; set; }

    /// <summary>The container in it; made if there is none. Default: <c>slungorleans</c>.</summary>
    public string AzureContainer { get; set; } = "slungorleans";

    /// <summary>Connection string of PostgreSQL, for a cluster (builds with <c>-p:UseOrleans=true</c> only).</summary>
    public string? ClusterDatabase { get; set; }

    /// <summary>The cluster's name, the same for all its silos. Default: <c>slungorleans</c>.</summary>
    public string ClusterId { get; set; } = "slungorleans";

    /// <summary>
    /// The address at which the other silos reach this one, and at which it listens. Default: 127.0.0.1. The ports have no sign-in: beyond this
    /// machine only on a network that is the cluster's own.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos, 1 to 65535. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for clients (commands, a dashboard of its own), 1 to 65535. Default: 30000.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>A silo that has not answered the others for so long is declared dead. 3 s to 10 min. Default: 6 s.</summary>
    public TimeSpan SiloLostAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Gives a silo that was given no name its own.</summary>
    internal void NameSilo()
    {
        if (SiloName.Length == 0)
        {
            SiloName = ClusterDatabase is null ? Environment.MachineName : $"{Environment.MachineName}-{SiloPort}";
        }
    }
}
