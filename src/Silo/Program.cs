using SlungOrleans.Silo.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file has no width of its own, and 80 columns would cut words apart.
    AnsiConsole.Profile.Width = 200;
}

return await LabCommands.Create().Parse(args).InvokeAsync();
