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
            var access = app.Services.GetRequiredService<LabAccess>();
            Console.WriteLine($"SlungOrleans: dashboard on {access.Address} (Ctrl+C stops; what runs goes on at the next start).");
            if (access.SignInAddress is { } address)
            {
                Console.WriteLine($"SlungOrleans: sign in at {address} (the token is this start's; Lab:Token or Lab:TokenFile sets one that stays).");
            }

            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception exception) when (LabSession.IsInputError(exception))
        {
            ErrorConsole.WriteLine(LabSession.MessageOf(exception));
            return 1;
        }
    }
}
