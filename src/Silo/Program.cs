using System.CommandLine;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Storage;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file has no width of its own, and 80 columns would cut words apart.
    AnsiConsole.Profile.Width = 200;
}

try
{
    FaultOrder.ArmFromEnvironment();
}
catch (FormatException exception)
{
    ErrorConsole.WriteLine(exception.Message);
    return 1;
}

// Ctrl+C and SIGTERM end the process at the latest then: after the host, which stops within its own time.
return await LabCommands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = LabHost.StopTimeout + TimeSpan.FromSeconds(10) });
