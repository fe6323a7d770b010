using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SlungOrleans.EndToEnd.Api;

/// <summary>A finished study, one of whose runs was killed once, and the silo that serves it.</summary>
public class ServedStudy : IAsyncLifetime
{
    public const string Study = "small";
    public const string Run = "small-masked-a500-s0";

    private readonly TemporaryFolder _folder = new();
    private SiloProcess? _silo;

    /// <summary>Commands that read, with their exit code and output: first of the lab in their own process, then of the one that serves.</summary>
    public List<(string Command, (int ExitCode, string Output) Embedded, (int ExitCode, string Output) Remote)> Commands { get; } = [];

    /// <summary>Files that were exported: first by the lab in its own process, then from the one that serves.</summary>
    public List<(string Name, byte[] Embedded, byte[] Remote)> Exports { get; } = [];

    public HttpClient Client { get; } = new();

    public Uri Address { get; private set; } = null!;

    public string Write(string name, string text) => _folder.Write(name, text);

    public async Task InitializeAsync()
    {
        var data = Path.Combine(_folder.Path, "data");
        var yaml = _folder.Write("small.yaml", SmallStudy.Yaml(Study, arms: "[full, masked]", seeds: "[0]"));
        var (killed, output) = await SiloProcess.RunToFaultAsync(data, "checkpoint/after-weights:4:kill", "study", "run", yaml, "--devices", "1");
        Assert.True(killed, output);
        var (exitCode, ended) = await SiloProcess.RunAsync(data, "study", "run", yaml);
        Assert.True(exitCode == 0, ended);

        string[][] commands =
        [
            ["study", "list"], ["study", "show", Study], ["study", "show", "none"], ["run", "list", "--study", Study], ["run", "show", Run], ["run", "show", "No!"],
            ["run", "metrics", Run], ["run", "metrics", Run, "--segments"], ["run", "metrics", Run, "--csv", "/dev/stdout"], ["checkpoint", "list", Run], ["checkpoint", "plan", Run, "--latest", "1"],
            ["checkpoint", "plan", Run, "--latest", "0"], ["checkpoint", "verify", Run, "20"], ["checkpoint", "pin", Run, "17"], ["corpus", "list"],
        ];
        var embedded = new List<(int ExitCode, string Output)>();
        foreach (var command in Compares ? commands : [])
        {
            embedded.Add(await SiloProcess.RunAsync(data, command));
        }

        if (!Compares)
        {
            await ServeAsync(data);
            return;
        }

        var mine = Directory.CreateDirectory(Path.Combine(_folder.Path, "embedded")).FullName;
        await SiloProcess.RunAsync(data, "study", "export", Study, "--to", mine);
        await SiloProcess.RunAsync(data, "study", "report", Study, "--to", mine);

        await ServeAsync(data);
        foreach (var (command, own) in commands.Zip(embedded))
        {
            Commands.Add((string.Join(' ', command), own, await SiloProcess.RunElsewhereAsync(Address, token: null, command)));
        }

        var theirs = Directory.CreateDirectory(Path.Combine(_folder.Path, "remote")).FullName;
        await SiloProcess.RunElsewhereAsync(Address, token: null, "study", "export", Study, "--to", theirs);
        await SiloProcess.RunElsewhereAsync(Address, token: null, "study", "report", Study, "--to", theirs);
        foreach (var path in Directory.GetFiles(mine))
        {
            var name = Path.GetFileName(path);
            Exports.Add((name, await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Path.Combine(theirs, name))));
        }
    }

    /// <summary>Whether commands are compared.</summary>
    protected virtual bool Compares => false;

    private async Task ServeAsync(string data)
    {
        // One device, so that work waits in the queue.
        (_silo, Address) = await SiloProcess.ServeAsync(data, ("Lab__Devices", "1"));
        Client.BaseAddress = Address;
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "none");

        // A body that is refused is refused before it is sent.
        Client.DefaultRequestHeaders.ExpectContinue = true;
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _folder.Dispose();
    }

    public async Task<JsonNode> GetAsync(string address)
    {
        using var answer = await Client.GetAsync(address);
        return await ReadAsync(answer, address);
    }

    public async Task<JsonNode> PostAsync(string address, string? body = null, string kind = "application/json")
    {
        using var answer = await SendAsync(address, body, kind);
        return await ReadAsync(answer, address);
    }

    public Task<HttpResponseMessage> SendAsync(string address, string? body, string kind = "application/json") =>
        Client.PostAsync(address, body is null ? null : new StringContent(body, Encoding.UTF8, kind));

    /// <summary>All items of a list, page by page.</summary>
    public async Task<List<JsonNode>> ListAsync(string address, int limit)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            var found = page["items"]!.AsArray();
            Assert.True(found.Count <= limit);
            Assert.True(found.Count > 0 || cursor is null, $"{address}: an empty page after another.");
            items.AddRange(found.Select(item => item!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return items;
    }

    /// <summary>Waits until what is read says so.</summary>
    public Task UntilAsync(string address, Func<JsonNode, bool> condition, string awaited)
    {
        JsonNode? last = null;
        return Wait.UntilAsync(
            async () =>
            {
                last = await GetAsync(address);
                return condition(last);
            },
            awaited,
            () => $"{last}\n{_silo!.Output}");
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, string address)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }
}

/// <summary>As the other, with commands that read, run before and while it is served.</summary>
public sealed class ComparedStudy : ServedStudy
{
    protected override bool Compares => true;
}
