using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
using SlungOrleans.Silo.Commands;

namespace SlungOrleans.Silo.Tests.Commands;

/// <summary>Changes where this process writes its errors to, which every test shares.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class ServerOptionCollection
{
    public const string Collection = "standard error";
}

/// <summary>Every command asks the lab that <c>--server</c> names, or says in one sentence why it cannot.</summary>
[Collection(ServerOptionCollection.Collection)]
public sealed class ServerOptionTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Commands() => [.. Leaves(LabCommands.Create(), "").Select(leaf => leaf.Words)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_WithServer_AsksItOrSaysWhyNot(string words)
    {
        var command = Leaves(LabCommands.Create(), "").Single(leaf => leaf.Words == words).Command;
        var server = $"http://127.0.0.1:{UnusedPort()}";
        string[] arguments =
        [
            .. words.Split(' '),
            .. command.Arguments.Select(ValueOf),
            .. command.Options.Where(option => option.Required).SelectMany(option => new[] { option.Name, option.Name == "--steps" ? "10" : "x" }),
            "--server", server,
        ];

        var (exitCode, errors) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        var said = Assert.Single(errors.Trim().Split('\n'));
        var reason = words switch
        {
            "run export" => "`run export` needs a run's weights",
            "study estimate" => "`study estimate` tries the model out in this process",
            _ => $"No lab answers at {server}/",
        };
        Assert.StartsWith(reason, said, StringComparison.Ordinal);
        Assert.True(said.Contains("without --server", StringComparison.Ordinal) || reason.StartsWith("No lab", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Wait_LabIsStartedAgainMeanwhile_AsksUntilTheRunIsCompleted()
    {
        await using var server = await AnswersAsync(RunThatIs(WorkState.Running), null, RunThatIs(WorkState.Running), RunThatIs(WorkState.Completed));

        var (exitCode, errors) = await RunAsync(["run", "resume", "some", "--wait", "--server", server.Address]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(["POST", "GET", "GET", "GET"], server.Asked);
    }

    [Fact]
    public async Task CorpusImport_LabCannotAnswerForAMoment_AsksAgainUntilItIsImported()
    {
        var corpus = CorpusThatIs(WorkState.Running);
        await using var server = await AnswersAsync(null, null, corpus with { Specification = null }, corpus, null, CorpusThatIs(WorkState.Completed));

        var (exitCode, errors) = await RunAsync(["corpus", "import", "some", _file, "--server", server.Address]);

        Assert.Equal(0, exitCode);
        Assert.Contains("It is asked again", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(["POST", "GET", "GET", "POST", "GET", "GET"], server.Asked);
    }

    [Fact]
    public async Task CorpusImport_OnlyTheAnswerIsLost_IsNotAskedForTwice()
    {
        await using var server = await AnswersAsync(null, CorpusThatIs(WorkState.Completed), CorpusThatIs(WorkState.Completed));

        var (exitCode, _) = await RunAsync(["corpus", "import", "some", _file, "--server", server.Address]);

        Assert.Equal(0, exitCode);
        Assert.Equal(["POST", "GET", "GET"], server.Asked);
    }

    [Fact]
    public async Task StudyImport_LabCannotAnswerForAMoment_SendsTheArchiveAgain()
    {
        await File.WriteAllTextAsync(_file, "an archive");
        await using var server = await AnswersAsync(null, new ImportAnswer("some"));

        var (exitCode, _) = await RunAsync(["study", "import", _file, "--server", server.Address]);

        Assert.Equal(0, exitCode);
        Assert.Equal(["POST an archive", "POST an archive"], server.Asked);
    }

    [Fact]
    public void Commands_OfTheLab_AreAllTried() => Assert.True(Commands().Count > 25);

    public void Dispose() => File.Delete(_file);

    private static IEnumerable<(string Words, Command Command)> Leaves(Command command, string before) =>
        command.Subcommands.SelectMany(child => child.Subcommands.Count > 0 ? Leaves(child, $"{before}{child.Name} ") : [($"{before}{child.Name}", child)]).Where(leaf => leaf.Item1 != "dashboard");

    private static RunView RunThatIs(WorkState state) => new() { Id = "some", Specification = new RunSpecification(), Training = new WorkView { State = state } };

    private CorpusView CorpusThatIs(WorkState state) => new()
    {
        Name = "some",
        Specification = new CorpusSpecification { Name = "some", Path = _file, Format = "auto", TextField = "text", Cleaning = "none" },
        Import = new WorkView { State = state },
    };

    /// <summary>A server that gives one answer after the other; where it is null, that it cannot now.</summary>
    private static async Task<ScriptedServer> AnswersAsync(params object?[] answers)
    {
        var server = new ScriptedServer(answers);
        await server.StartAsync();
        return server;
    }

    private sealed class ScriptedServer : IAsyncDisposable
    {
        private readonly WebApplication _application;

        public ScriptedServer(IEnumerable<object?> answers)
        {
            var left = new Queue<object?>(answers);
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _application = builder.Build();
            _application.Run(async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                var sent = await body.ReadToEndAsync();
                Asked.Add(context.Request.ContentType == "application/zip" ? $"{context.Request.Method} {sent}" : context.Request.Method);
                if (left.Dequeue() is { } answer)
                {
                    await context.Response.WriteAsync(JsonSerializer.Serialize(answer, answer.GetType(), ApiJson.Options));
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                }
            });
        }

        public List<string> Asked { get; } = [];

        public string Address => _application.Urls.Single();

        public Task StartAsync() => _application.StartAsync();

        public ValueTask DisposeAsync() => _application.DisposeAsync();
    }

    private string ValueOf(Argument argument) => argument switch
    {
        { Name: "file" or "files" or "path" } => _file,
        Argument<long> => "10",
        _ => "x",
    };

    private static async Task<(int ExitCode, string Errors)> RunAsync(string[] arguments)
    {
        var before = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            return (await LabCommands.Create().Parse(arguments).InvokeAsync(), errors.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
