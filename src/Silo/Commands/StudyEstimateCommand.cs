using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Workers;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>study estimate</c>, and the same lines before a study is launched.</summary>
internal static class StudyEstimateCommand
{
    // Below this, a study is over before its estimate has been of use.
    private const double WorthATrial = 1e15;

    /// <summary>Why a lab elsewhere is not asked.</summary>
    public const string NotElsewhere = "`study estimate` tries the model out in this process: give it without --server, and where a lab runs on the data folder, with --data and another one.";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The study, as YAML." };
        var command = new Command("estimate", "Says what a study takes in memory, time and disk, from a short trial of its model, and launches nothing.") { file };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            async session =>
            {
                var path = result.GetValue(file)!;
                await ShowAsync(session, path, await StudyCommands.ReadAsync(path, cancellation), LabSession.SettingsOf(result).Devices, alwaysTry: true, cancellation);
                return 0;
            },
            works: false));
        return command;
    }

    /// <summary>Shows what a study takes. The model is tried out where nothing is known of its speed and the study is long.</summary>
    /// <exception cref="LabException">The study has faults; the message lists them.</exception>
    public static async Task ShowAsync(LabSession session, string path, string yaml, int? devices, bool alwaysTry, CancellationToken cancellation)
    {
        var reading = session.Here(NotElsewhere).GetRequiredService<IStudyLauncher>().Read(yaml);
        if (reading.Specification is not { } study || !reading.Faults.IsEmpty)
        {
            throw new LabException(string.Join(Environment.NewLine, reading.Faults.Select(fault => $"{path}: {fault}")));
        }

        var advisor = session.Here(NotElsewhere).GetRequiredService<IStudyAdvisor>();
        var cost = await advisor.EstimateAsync(study, cancellation);
        var isLong = (double)cost.Tokens * cost.Parameters > WorthATrial;
        if (cost.Speed is null && (alwaysTry || (cost.Fits && isLong)))
        {
            AnsiConsole.WriteLine("Trying out the model …");
            try
            {
                await advisor.MeasureSpeedAsync(study, cancellation);
                cost = await advisor.EstimateAsync(study, cancellation);
            }
            catch (LabException failure) when (!cost.Fits)
            {
                // What it takes in memory is said all the same.
                AnsiConsole.WriteLine(failure.Message);
            }
        }

        var here = devices ?? session.Here(NotElsewhere).GetRequiredService<Engines>().OfThisMachine.Count(device => DeviceName.Serves(device, study.Training.Device));
        foreach (var line in Lines(cost with { Devices = Math.Max(cost.Devices, here) }))
        {
            AnsiConsole.WriteLine(line);
        }
    }

    private static IEnumerable<string> Lines(StudyCost cost)
    {
        yield return Line($"{cost.Runs} runs of a model of {cost.Parameters:N0} parameters, {cost.TokensPerRun:N0} tokens each.");
        if (cost.RunMemoryBytes is { } memory)
        {
            var atATime = Math.Clamp(cost.Devices, 1, cost.Runs);
            var machine = cost.MachineMemoryBytes is { } bytes ? $"; there are {TrainingMemory.InGigabytes(bytes)}" : "";
            yield return Line($"Memory: {TrainingMemory.InGigabytes(memory)} a run, {atATime} at a time {TrainingMemory.InGigabytes(atATime * memory)}{machine}.");
        }

        if (cost.DeviceMemory is { } device)
        {
            yield return Line($"Memory of {device.Device}: {TrainingMemory.InGigabytes(device.RunBytes)} a run{(device.AvailableBytes is { } available ? $"; {TrainingMemory.InGigabytes(available)} are free" : "")}.");
        }

        yield return cost is { Speed: { } speed, TrainingTime: { } time }
            ? Line($"Time to train: about {InWords(time)}, {InWords(TimeSpan.FromSeconds(cost.TokensPerRun / speed.TokensPerSecond))} a run at {speed.TokensPerSecond:N0} tokens/s (from {speed.Source}).")
            : "Time to train: not known.";
        yield return Line($"Disk for checkpoints: {TrainingMemory.InGigabytes(cost.DiskBytes)}{(cost.FreeBytes is { } free ? $"; there are {TrainingMemory.InGigabytes(free)}" : "")}.");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Line($"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => Line($"{time.TotalMinutes:0} min"),
        { TotalDays: < 2 } => Line($"{time.TotalHours:0} h"),
        _ => Line($"{time.TotalDays:N0} days"),
    };
}
