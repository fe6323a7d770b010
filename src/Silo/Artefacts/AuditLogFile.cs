using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Storage;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>The audit log as a file of one JSON object a line, to which is only ever added, by one process or by several.</summary>
internal sealed partial class AuditLogFile(string path, TimeProvider time, ILogger<AuditLogFile> logger) : IAuditLog
{
    private const byte NewLine = (byte)'\n';

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    // Some thousand entries; the page that shows them is read once a second.
    private const long MostRead = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task AddAsync(string who, string action, string kind, string id, string? refusal)
    {
        try
        {
            await AppendAsync(JsonSerializer.SerializeToUtf8Bytes(new AuditLogEntry(time.GetUtcNow(), who, action, kind, id, refusal), Json));
        }
        catch (Exception exception)
        {
            LogLost(logger, exception, path, who, action, kind, id, refusal ?? "none");
            throw;
        }
    }

    public async Task<ImmutableArray<AuditLogEntry>> ReadAsync(int most, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var newest = new Queue<AuditLogEntry>();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(Math.Max(0, file.Length - MostRead), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (Parse(line) is { } entry)
            {
                newest.Enqueue(entry);
                if (newest.Count > most)
                {
                    newest.Dequeue();
                }
            }
        }

        return [.. newest.Reverse()];
    }

    private async Task AppendAsync(byte[] line)
    {
        // Of a file that is open for appending, .NET keeps the end in mind as it was: two writers would write over one another.
        await using var held = await FileLock.TakeAsync($"{path}.lock", Patience, CancellationToken.None);
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

        // What a crash left half written stays, as a line of its own.
        byte[] bytes = EndsWithinALine(file) ? [NewLine, .. line, NewLine] : [.. line, NewLine];
        file.Seek(0, SeekOrigin.End);
        await file.WriteAsync(bytes);
        file.Flush(flushToDisk: true);
    }

    private static bool EndsWithinALine(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != NewLine;
    }

    // A line that a crash, the start of the reading, or a writer at this moment cut off is no entry.
    private static AuditLogEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditLogEntry>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log '{Path}' cannot be written; lost: {Who}, {Action} {Kind} {Id}, refusal: {Refusal}")]
    private static partial void LogLost(ILogger logger, Exception exception, string path, string who, string action, string kind, string id, string refusal);
}
