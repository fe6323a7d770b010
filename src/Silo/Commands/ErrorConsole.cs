using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary>Standard error, in red where that is a terminal.</summary>
internal static class ErrorConsole
{
    public static void WriteLine(string message)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(message);
            return;
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).MarkupLineInterpolated($"[red]{message}[/]");
    }
}
