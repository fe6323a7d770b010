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
    [InlineData(200)]
    [InlineData(409)]
    public async Task ReadComparison_ServerThatBreaksOff_SaysSoInASentence(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            context.Abort();
        });
        await server.StartAsync();
        var address = server.Urls.Single();
        using var lab = new RemoteLab(address, token: null);

        foreach (var ask in new Func<Task>[] { () => lab.ReadComparisonAsync("some", default), () => lab.GetStudyAsync("some", default) })
        {
            var fault = await Assert.ThrowsAsync<RequestFault>(ask);

            Assert.Equal(FaultKind.Unavailable, fault.Kind);
            Assert.StartsWith($"The lab at {address}/ broke off in the middle of an answer: ", fault.Message, StringComparison.Ordinal);
        }
    }
}
