using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Storage;

// The SQLite file of a host. One connection does everything, one job after another, so that nothing in the process ever finds the
// database busy; jobs that come together share one transaction, and thereby one wait for the disk.
internal sealed class Database(IOptions<EmbeddedOrleansOptions> options) : IAsyncDisposable, IDisposable
{
    private const int FormatVersion = 1;
    private const int LargestBatch = 256;

    // FULL: what a grain was told is written stays written when the machine loses power, not only when the process dies. A lost
    // write would let two attempts at the same work have the same number.
    private const string Settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

    private const string Tables = """
        CREATE TABLE grain_state (
            grain_id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, payload TEXT,
            PRIMARY KEY (grain_id, name)) WITHOUT ROWID;
        CREATE TABLE reminder (
            grain_id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, start_ticks INTEGER NOT NULL, period_ticks INTEGER NOT NULL,
            PRIMARY KEY (grain_id, name)) WITHOUT ROWID;
        """;

    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new() { SingleReader = true });
    private DatabaseLock? _lock;
    private Task _worker = Task.CompletedTask;
    private volatile bool _open;

    public string Path { get; private set; } = "";

    // Throws OrleansConfigurationException if the file cannot be used.
    public void Open()
    {
        Path = System.IO.Path.GetFullPath(options.Value.DatabasePath);
        SQLitePCL.Batteries_V2.Init();
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            _lock = DatabaseLock.Acquire(Path);
            var session = new DatabaseSession(Path);
            try
            {
                Prepare(session);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            _worker = Task.Run(() => WorkAsync(session));
            _open = true;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new OrleansConfigurationException($"The database '{Path}' cannot be used: {exception.Message}", exception);
        }
        catch (OrleansConfigurationException)
        {
            _lock?.Dispose();
            throw;
        }
    }

    // Completes once the job's transaction is committed.
    public Task<T> RunAsync<T>(Func<DatabaseSession, T> work, CancellationToken cancellation)
    {
        var job = new Job<T>(work, cancellation);
        return _open && _jobs.Writer.TryWrite(job)
            ? job.Result
            : Task.FromException<T>(new SiloUnavailableException("The database of the grains is not open."));
    }

    // Does the jobs that there are, then closes the file.
    public async ValueTask DisposeAsync()
    {
        _open = false;
        _jobs.Writer.TryComplete();
        await _worker;
        _lock?.Dispose();
    }

    // For containers that are not disposed asynchronously; waits no longer than the last writes take.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Prepare(DatabaseSession session)
    {
        session.Execute(Settings);
        switch ((long)session.Scalar("PRAGMA user_version")!)
        {
            case 0:
                session.Execute($"BEGIN; {Tables} PRAGMA user_version = {FormatVersion}; COMMIT;");
                break;
            case FormatVersion:
                break;
            case var version:
                throw new OrleansConfigurationException($"The database '{Path}' has the format {version}; expected {FormatVersion}. It was written by another version of this program.");
        }
    }

    private async Task WorkAsync(DatabaseSession session)
    {
        using (session)
        {
            var batch = new List<Job>(LargestBatch);
            while (await _jobs.Reader.WaitToReadAsync())
            {
                batch.Clear();
                while (batch.Count < LargestBatch && _jobs.Reader.TryRead(out var job))
                {
                    batch.Add(job);
                }

                RunBatch(session, batch);
            }
        }
    }

    private static void RunBatch(DatabaseSession session, List<Job> batch)
    {
        try
        {
            // Whatever a failed batch before this one has left open.
            session.RollBack();
            session.Execute("BEGIN IMMEDIATE");
            batch.ForEach(job => job.Run(session));
            session.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Nothing of the batch is kept, and everyone in it is told.
            batch.ForEach(job => job.Fail(exception));
            return;
        }

        batch.ForEach(job => job.Complete());
    }

    private abstract class Job
    {
        public abstract void Run(DatabaseSession session);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Job<T>(Func<DatabaseSession, T> work, CancellationToken cancellation) : Job
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Result => _completion.Task;

        public override void Run(DatabaseSession session)
        {
            if (cancellation.IsCancellationRequested)
            {
                _completion.TrySetCanceled(cancellation);
            }
            else
            {
                _result = work(session);
            }
        }

        public override void Complete() => _completion.TrySetResult(_result!);

        public override void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}
