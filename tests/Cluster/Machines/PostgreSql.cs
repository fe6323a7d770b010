using System.Diagnostics;
using System.Globalization;

namespace SlungOrleans.Cluster.Tests.Machines;

/// <summary>A PostgreSQL server of the test's own, set up as <c>deploy/postgresql/setup.sh</c> does. It does not run as root: then it runs as <c>postgres</c>.</summary>
internal sealed class PostgreSql : IDisposable
{
    private const string User = "lab";
    private static readonly string[] Programs = ["initdb", "pg_ctl"];

    private readonly string _folder = Run(asServer: true, "mktemp", "-d").Trim();
    private readonly int _port = Ports.Free();

    private PostgreSql()
    {
    }

    public static string? ReasonToSkip => Array.Exists(Programs, program => Find(program) is null)
        ? "There is no PostgreSQL (initdb and pg_ctl on the path or in /usr/lib/postgresql/*/bin); on Debian: apt-get install postgresql."
        : Find("psql") is null ? "There is no psql; on Debian: apt-get install postgresql-client." : null;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database=postgres;Username={User}";

    public static PostgreSql Start()
    {
        var server = new PostgreSql();
        try
        {
            Run(asServer: true, Find("initdb")!, "-D", server.Data, "-U", User, "--auth", "trust", "--no-sync", "--locale", "C", "--encoding", "UTF8");
            server.StartAgain();
            Run(asServer: false, Path.Combine(Repository.Root, "deploy/postgresql/setup.sh"), $"host=127.0.0.1 port={server._port} dbname=postgres user={User}");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void StartAgain() => Run(
        asServer: true, Find("pg_ctl")!, "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1", "start");

    /// <summary>Stops as if the machine lost power: no connection is ended in order.</summary>
    public void Stop() => Run(asServer: true, Find("pg_ctl")!, "-D", Data, "-w", "-m", "immediate", "stop");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            Stop();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static string? Find(string program)
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    private static string Run(bool asServer, string program, params string[] arguments)
    {
        string[] command = asServer && Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];

        // pg_ctl's server keeps its output open: to be read, it would have to end.
        var readable = arguments.LastOrDefault() != "start";
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = readable, RedirectStandardError = readable, WorkingDirectory = "/",
        })!;
        var output = readable ? process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd() : "";
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"`{string.Join(' ', command)}` ended with {process.ExitCode}: {output}"));
    }
}
