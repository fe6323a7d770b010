using System.Globalization;
using System.Text.RegularExpressions;
using SlungOrleans.Cluster.Tests.Machines;
using SlungOrleans.Storage;

namespace SlungOrleans.Cluster.Tests;

/// <summary>Three silos of one device each on one PostgreSQL and one store, and a study spread over them.</summary>
internal sealed partial class StudyCluster : IAsyncDisposable
{
    private const int Silos = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Member> _members = [];
    private readonly Dictionary<string, string> _settings;
    private SiloProcess? _command;

    private StudyCluster(PostgreSql database, Azurite? azurite)
    {
        Database = database;
        Azurite = azurite;
        var blobs = Path.Combine(_folder.Path, "blobs");
        _settings = new()
        {
            ["Lab__ClusterDatabase"] = database.ConnectionString,
            ["Lab__Devices"] = "1",
            ["Lab__Data"] = Path.Combine(_folder.Path, "data"),
            ["Logging__LogLevel__SlungOrleans.Silo.Workers.DeviceWorker"] = "Debug",
            [azurite is null ? "Lab__BlobFolder" : "Lab__AzureBlobs"] = azurite?.ConnectionString ?? blobs,
        };
        Store = azurite is null ? new LocalBlobStore(blobs) : new AzureBlobStore(azurite.ConnectionString, "slungorleans");
    }

    public PostgreSql Database { get; }

    public Azurite? Azurite { get; }

    public IBlobStore Store { get; }

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Starts the silos; returns once all answer.</summary>
    public static async Task<StudyCluster> StartAsync(bool onAzure = false)
    {
        var cluster = new StudyCluster(PostgreSql.Start(), onAzure ? await Azurite.StartAsync() : null);
        try
        {
            for (var index = 0; index < Silos; index++)
            {
                cluster._members.Add(new Member($"silo-{index}", Ports.Free(), Ports.Free(), Ports.Free()));
            }

            await Task.WhenAll(cluster._members.Select(cluster.StartAsync));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a silo, again if it has ended; returns once it answers.</summary>
    public async Task StartAsync(Member member)
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["Lab__SiloName"] = member.Name,
            ["Lab__SiloPort"] = member.SiloPort.ToString(CultureInfo.InvariantCulture),
            ["Lab__GatewayPort"] = member.GatewayPort.ToString(CultureInfo.InvariantCulture),
        };
        var address = new Uri($"http://127.0.0.1:{member.WebPort}");
        var silo = SiloProcess.BeginInCluster(settings, "--url", address.ToString().TrimEnd('/'));
        member.Processes.Add(silo);
        await Wait.UntilAsync(() => silo.Output.Contains("dashboard on", StringComparison.Ordinal) || silo.HasExited, $"{member.Name}", () => silo.Output);
        Assert.False(silo.HasExited, silo.Output);
    }

    /// <summary>Launches a study by a command of its own, which watches it.</summary>
    public void Launch(string yaml) => _command = SiloProcess.BeginInCluster(_settings, "study", "run", _folder.Write("study.yaml", yaml));

    /// <summary>Waits until the study has ended well.</summary>
    public Task WaitForEndAsync() => _command!.WaitForSuccessAsync(Logs);

    /// <summary>A silo that trains a run whose last checkpoint is of at least this step; waited for.</summary>
    public async Task<(Member Silo, string Run)> WaitForTrainingAsync(long step)
    {
        (Member, string)? found = null;
        await Wait.UntilAsync(
            async () =>
            {
                foreach (var member in _members)
                {
                    if (member.RunsTrained.LastOrDefault() is { } run
                        && await Store.GetInfoAsync($"runs/{run}/checkpoints/head.json") is not null
                        && await StudyOutcome.ReadLastAsync(Store, run) is var last
                        && last.Step >= step && last.Attempt == last.Epoch)
                    {
                        found = (member, run);
                    }
                }

                return found is not null;
            },
            $"a checkpoint of step {step}",
            Logs);
        return found!.Value;
    }

    public string Logs() => string.Join('\n', _members.Select(member => $"--- {member.Name}\n{member.Log}").Prepend($"--- command\n{_command?.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _members.SelectMany(member => member.Processes).Append(_command))
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        Database.Dispose();
        Azurite?.Dispose();
        _folder.Dispose();
    }

    /// <summary>A silo's place in the cluster; its processes, newest last.</summary>
    internal sealed partial record Member(string Name, int SiloPort, int GatewayPort, int WebPort)
    {
        public List<SiloProcess> Processes { get; } = [];

        public SiloProcess Process => Processes[^1];

        public string Log => string.Concat(Processes.Select(process => process.Output));

        /// <summary>Runs that it began or went on to train, in order.</summary>
        public IEnumerable<string> RunsTrained => Works().Matches(Log).Select(match => match.Groups[1].Value);

        [GeneratedRegex("Works on Train ([a-z0-9-]+), attempt", RegexOptions.CultureInvariant)]
        private static partial Regex Works();
    }
}
