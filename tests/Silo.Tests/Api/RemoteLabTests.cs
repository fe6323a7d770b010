using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SlungOrleans.Silo.Api;

namespace SlungOrleans.Silo.Tests.Api;

/// <summary>What a command says of a server that is no lab.</summary>
public sealed class RemoteLabTests
{
    [Theory]
    [InlineData("application/problem+json", """{ "type": "about:blank", "title": "Not Found", "status": 404 }""")]
    [InlineData("application/problem+json", """{ "detail": 7 }""")]
    [InlineData("application/problem+json", "[]")]
    [InlineData("application/problem+json", "not found")]
    [InlineData("text/html", "<h1>Not found</h1>")]
    public async Task GetStudy_ServerThatIsNoLab_SaysSoInASentence(string kind, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = kind;
            return context.Response.WriteAsync(body);
        });
        await server.StartAsync();
        var address = server.Urls.Single();
        using var lab = new RemoteLab(address, token: null);

        var fault = await Assert.ThrowsAsync<RequestFault>(() => lab.GetStudyAsync("some", default));

        Assert.Equal($"What is at {address}/ answered with status 404, and not as a lab does.", fault.Message);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("409 Conflict")]
    public async Task ReadComparison_ServerThatBreaksOff_SaysSoInASentence(string status)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        using var lab = new RemoteLab(address, token: null);

        foreach (var ask in new Func<Task>[] { () => lab.ReadComparisonAsync("some", default), () => lab.GetStudyAsync("some", default) })
        {
            var answering = AnswerHalfAsync(listener, status);
            var fault = await Assert.ThrowsAsync<RequestFault>(ask);
            await answering;

            Assert.Equal(FaultKind.Unavailable, fault.Kind);
            Assert.StartsWith($"The lab at {address}/ broke off in the middle of an answer: ", fault.Message, StringComparison.Ordinal);
        }
    }

    private static async Task AnswerHalfAsync(TcpListener listener, string status)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // The request's head; it has no body.
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"));
        client.Client.Shutdown(SocketShutdown.Send);
    }
}
