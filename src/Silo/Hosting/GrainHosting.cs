#if USE_ORLEANS
using Orleans.Configuration;
using Orleans.Storage;
using SlungOrleans.Contracts;
#endif
using SlungOrleans.Grains;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Hosts the grains: in this process alone, or as a silo of a cluster, by how the project was built.</summary>
internal static class GrainHosting
{
#if USE_ORLEANS
    private const string Invariant = "Npgsql";

    public static void Add(IHostApplicationBuilder builder, LabOptions options)
    {
        var database = options.ClusterDatabase
            ?? throw new LabException("Lab:ClusterDatabase is not set; a build with UseOrleans needs the connection string of a PostgreSQL database.");
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = "slungorleans";
                cluster.ServiceId = "slungorleans";
            })
            .UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = Invariant;
                clustering.ConnectionString = database;
            })
            .AddAdoNetGrainStorage(GrainStorage.Name, storage => storage.Configure<OrleansGrainStorageSerializer>((options, serializer) =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = database;

                // The default, JSON by Newtonsoft, cannot read immutable dictionaries back.
                options.GrainStorageSerializer = serializer;
            }))
            .UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = Invariant;
                reminders.ConnectionString = database;
            }));
    }
#else
    public static void Add(IHostApplicationBuilder builder, LabOptions options) => builder.UseEmbeddedOrleans(orleans =>
    {
        orleans.DatabasePath = Path.Combine(options.Data, "grains.db");
        orleans.GrainAssemblies.Add(typeof(WorkGrains).Assembly);
    });
#endif
}
