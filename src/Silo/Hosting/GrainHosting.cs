#if USE_ORLEANS
using System.Net;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
#endif
using SlungOrleans.Grains;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Hosts the grains: in this process alone, or as a silo of a cluster, by how the project was built.</summary>
internal static class GrainHosting
{
#if USE_ORLEANS
    private const string Invariant = "Npgsql";

    /// <summary>Probes of a silo that go unanswered before it is suspected; two silos that suspect it (one, where there are but two) declare it dead.</summary>
    private const int MissedProbes = 3;

    private static readonly TimeSpan TableRefreshPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Whether grains live in a cluster, and commands are its clients.</summary>
    public static bool IsCluster => true;

    public static void Add(IHostApplicationBuilder builder, LabOptions options)
    {
        var database = options.ClusterDatabase!;
        ClusterDatabase.Ensure(database);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => Name(cluster, options))
            .Configure<SiloOptions>(named => named.SiloName = options.SiloName)
            .Configure<EndpointOptions>(endpoints =>
            {
                endpoints.AdvertisedIPAddress = IPAddress.Parse(options.AdvertisedAddress);
                endpoints.SiloPort = options.SiloPort;
                endpoints.GatewayPort = options.GatewayPort;
            })
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = options.SiloLostAfter / MissedProbes;
                membership.NumMissedProbesLimit = MissedProbes;
                membership.TableRefreshTimeout = TableRefreshPeriod;
            })
            .UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = Invariant;
                clustering.ConnectionString = database;
            })
            .AddAdoNetGrainStorage(GrainStorage.Name, storage => storage.Configure<Serializer>((options, serializer) =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = database;

                // The default, JSON by Newtonsoft, cannot read immutable dictionaries back.
                options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }))
            .UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = Invariant;
                reminders.ConnectionString = database;
            }));
    }

    /// <summary>Reaches the cluster's grains without hosting any.</summary>
    public static void AddClient(IHostApplicationBuilder builder, LabOptions options)
    {
        ClusterDatabase.Ensure(options.ClusterDatabase!);
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster => Name(cluster, options))
            .UseConnectionRetryFilter<ClientPatience>()
            .UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = Invariant;
                clustering.ConnectionString = options.ClusterDatabase;
            }));
    }

    private static void Name(ClusterOptions cluster, LabOptions options)
    {
        cluster.ClusterId = options.ClusterId;
        cluster.ServiceId = options.ClusterId;
    }
#else
    /// <summary>Whether grains live in a cluster, and commands are its clients.</summary>
    public static bool IsCluster => false;

    public static void Add(IHostApplicationBuilder builder, LabOptions options) => builder.UseEmbeddedOrleans(orleans =>
    {
        orleans.DatabasePath = Path.Combine(options.Data, "grains.db");
        orleans.GrainAssemblies.Add(typeof(WorkGrains).Assembly);
    });
#endif
}
