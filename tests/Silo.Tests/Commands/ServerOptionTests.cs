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
        var answers = new Queue<WorkState?>([WorkState.Running, null, WorkState.Running, WorkState.Completed]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context =>
        {
            if (answers.Dequeue() is not { } state)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }

            var run = new RunView { Id = "some", Specification = new RunSpecification(), Training = new WorkView { State = state } };
            return context.Response.WriteAsync(JsonSerializer.Serialize(run, ApiJson.Options));
        });
        await server.StartAsync();

        var (exitCode, errors) = await RunAsync(["run", "resume", "some", "--wait", "--server", server.Urls.Single()]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Empty(answers);
    }

    [Fact]
    public void Commands_OfTheLab_AreAllTried() => Assert.True(Commands().Count > 25);

    public void Dispose() => File.Delete(_file);

    private static IEnumerable<(string Words, Command Command)> Leaves(Command command, string before) =>
        command.Subcommands.SelectMany(child => child.Subcommands.Count > 0 ? Leaves(child, $"{before}{child.Name} ") : [($"{before}{child.Name}", child)]).Where(leaf => leaf.Item1 != "dashboard");

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
