#if USE_ORLEANS
using Npgsql;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Hosting;

/// <summary>The PostgreSQL database of a cluster, looked at before Orleans does, which would say in many lines what is said here in one.</summary>
internal static class ClusterDatabase
{
    /// <summary>One query of each of the scripts: membership, grain states, reminders.</summary>
    private static readonly string[] Queries = ["MembershipReadAllKey", "WriteToStorageKey", "ReadReminderRowsKey"];

    /// <exception cref="LabException">The connection string is malformed, the database is not reached, or the tables are not there.</exception>
    public static void Ensure(string connectionString)
    {
        var settings = Parse(connectionString);
        var name = $"PostgreSQL database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port} (Lab:ClusterDatabase)";
        try
        {
            using var connection = new NpgsqlConnection(connectionString);
            connection.Open();
            using var command = new NpgsqlCommand("SELECT count(*) FROM OrleansQuery WHERE QueryKey = ANY(@keys)", connection);
            command.Parameters.AddWithValue("keys", Queries);
            if ((long)command.ExecuteScalar()! != Queries.Length)
            {
                throw WithoutTables(name, cause: "some of Orleans' queries are missing");
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw WithoutTables(name, cause: "there is no table OrleansQuery");
        }
        catch (NpgsqlException exception)
        {
            throw new LabException($"{name} cannot be used: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    private static LabException WithoutTables(string name, string cause) =>
        new($"{name} is not set up ({cause}); run deploy/postgresql/setup.sh once.");

    /// <summary>The message never repeats the string: it may hold a password.</summary>
    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return settings.Host is null ? throw new LabException("Lab:ClusterDatabase names no Host; expected for example Host=127.0.0.1;Database=slungorleans;Username=slungorleans.") : settings;
        }
        catch (ArgumentException)
        {
            throw new LabException("Lab:ClusterDatabase is not a connection string; expected for example Host=127.0.0.1;Database=slungorleans;Username=slungorleans.");
        }
    }
}
#endif
