using SlungOrleans.Silo.Commands;
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

return await LabCommands.Create().Parse(args).InvokeAsync();
