using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Timers;

// The reminders in the database.
internal sealed class ReminderTable(Database database)
{
    private const string Columns = "grain_id, name, version, start_ticks, period_ticks";
    private const string PutSql = """
        INSERT INTO reminder VALUES ($0, $1, $2, $3, $4)
        ON CONFLICT DO UPDATE SET version = $2, start_ticks = $3, period_ticks = $4
        """;

    public Task<List<Reminder>> ReadAllAsync() => ReadAsync($"SELECT {Columns} FROM reminder ORDER BY grain_id, name");

    public Task<List<Reminder>> ReadAsync(GrainId grain) =>
        ReadAsync($"SELECT {Columns} FROM reminder WHERE grain_id = $0 ORDER BY name", grain.ToString());

    public async Task<Reminder?> ReadAsync(GrainId grain, string name) =>
        (await ReadAsync($"SELECT {Columns} FROM reminder WHERE grain_id = $0 AND name = $1", grain.ToString(), name)).FirstOrDefault();

    public Task PutAsync(Reminder reminder) => database.RunAsync(
        session =>
        {
            session.Execute(
                PutSql, reminder.Grain.ToString(), reminder.ReminderName, reminder.Version, reminder.Start.Ticks, reminder.Period.Ticks);
            return true;
        },
        CancellationToken.None);

    // False if it is there and was changed since. One that is gone is as good as removed.
    public Task<bool> RemoveAsync(Reminder reminder) => database.RunAsync(
        session =>
        {
            session.Execute(
                "DELETE FROM reminder WHERE grain_id = $0 AND name = $1 AND version = $2",
                reminder.Grain.ToString(), reminder.ReminderName, reminder.Version);
            return session.Scalar(
                "SELECT 1 FROM reminder WHERE grain_id = $0 AND name = $1", reminder.Grain.ToString(), reminder.ReminderName) is null;
        },
        CancellationToken.None);

    private Task<List<Reminder>> ReadAsync(string sql, params object?[] parameters) => database.RunAsync(
        session => session.Query(
            reader => new Reminder(
                GrainId.Parse(reader.GetString(0)), reader.GetString(1), reader.GetInt64(2),
                new DateTime(reader.GetInt64(3), DateTimeKind.Utc), TimeSpan.FromTicks(reader.GetInt64(4))),
            sql, parameters),
        CancellationToken.None);
}
