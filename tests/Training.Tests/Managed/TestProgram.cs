using System.Diagnostics;

namespace SlungOrleans.Training.Tests.Managed;

/// <summary>Runs this test project's own program (Program.cs).</summary>
internal static class TestProgram
{
    /// <summary>What it wrote, line by line, once it has ended well.</summary>
    internal static async Task<string[]> LinesAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TestProgram).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.True(process.ExitCode == 0, errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
