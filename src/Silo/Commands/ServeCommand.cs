using Microsoft.Extensions.Options;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Commands;

/// <summary>Serves the dashboard until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(Func<WebApplication> create, CancellationToken cancellation)
    {
        try
        {
            await using var app = create();
            await app.StartAsync(cancellation);
            Console.WriteLine($"SlungOrleans: dashboard on {app.Services.GetRequiredService<IOptions<LabOptions>>().Value.Url} (Ctrl+C stops; what runs goes on at the next start).");
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception exception) when (LabSession.IsInputError(exception))
        {
            ErrorConsole.WriteLine(exception.Message);
            return 1;
        }
    }
}
