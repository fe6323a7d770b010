namespace EmbeddedOrleans.Tests;

internal static class Program
{
    /// <summary>A second process: hosts the grains on the database of its first argument, writes a state, and stays until it is killed.</summary>
    private static async Task Main(string[] arguments)
    {
        await using var host = await GrainHost.StartAsync(databasePath: arguments[0]);
        await host.Grains.GetGrain<INotebookGrain>("of the other process").WriteAsync(new() { Title = "written before the kill" });
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
    }
}
