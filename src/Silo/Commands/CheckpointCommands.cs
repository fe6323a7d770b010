using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Api;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>checkpoint list|plan|prune|pin|unpin|verify</c>.</summary>
internal static class CheckpointCommands
{
    public static Command Create() => new("checkpoint", "List, plan, prune, pin and verify a run's checkpoints.")
    {
        List(),
        Plan("plan", "Shows what would be deleted, and deletes nothing.", prune: false),
        Plan("prune", "Shows what is to be deleted, asks, and deletes exactly that. The newest checkpoint, pinned ones and those in use always stay.", prune: true),
        Pin("pin", "Keeps the checkpoint of a step, whatever the policy and the budget.", pinned: true),
        Pin("unpin", "Keeps a checkpoint no longer than the policy says.", pinned: false),
        Verify(),
    };

    private static Command List()
    {
        var run = LabCommands.RunArgument();
        var command = new Command("list", "Lists a run's checkpoints and why each is kept.") { run };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ListAsync(session, result.GetValue(run)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, string run, CancellationToken cancellation)
    {
        Write(await session.Lab.PlanCheckpointsAsync(run, new RetentionChange(), cancellation), "would go");
        return 0;
    }

    private static Command Plan(string name, string description, bool prune)
    {
        var run = LabCommands.RunArgument();
        var latest = new Option<int?>("--latest") { Description = "Keep so many of the latest (default: as the run says)." };
        var every = new Option<long?>("--every") { Description = "Keep those whose step is a multiple of this; 0 for none (default: as the run says)." };
        var best = new Option<int?>("--best") { Description = "Keep so many with the lowest loss (default: as the run says)." };
        var budget = new Option<long?>("--budget") { Description = "Bytes that all together may take up (default: as the run says)." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command(name, description) { run, latest, every, best, budget };
        if (prune)
        {
            command.Options.Add(yes);
        }

        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            async session =>
            {
                var id = result.GetValue(run)!;
                var change = new RetentionChange(result.GetValue(latest), result.GetValue(every), result.GetValue(best), result.GetValue(budget));
                var plan = await session.Lab.PlanCheckpointsAsync(id, change, cancellation);
                Write(plan, "is deleted");
                return prune ? await PruneAsync(session, id, plan, result.GetValue(yes), cancellation) : 0;
            },
            works: false));
        return command;
    }

    private static async Task<int> PruneAsync(LabSession session, string run, RunCheckpointPlan plan, bool yes, CancellationToken cancellation)
    {
        var deleted = plan.Deleted.ToImmutableArray();
        if (deleted.Length == 0)
        {
            AnsiConsole.WriteLine("There is nothing to delete.");
            return 0;
        }

        if (!yes)
        {
            if (Console.IsInputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            {
                throw new LabException("Nothing was deleted: there is nobody to ask; give --yes to delete what the list says.");
            }

            if (!AnsiConsole.Confirm($"Delete {deleted.Length} of {plan.Checkpoints.Length} checkpoints?", defaultValue: false))
            {
                AnsiConsole.WriteLine("Nothing was deleted.");
                return 1;
            }
        }

        await session.Lab.DeleteCheckpointsAsync(run, deleted, cancellation);
        AnsiConsole.WriteLine($"{deleted.Length} deleted.");
        return 0;
    }

    private static Command Pin(string name, string description, bool pinned)
    {
        var run = LabCommands.RunArgument();
        var step = new Argument<long>("step") { Description = "The checkpoint's step." };
        var command = new Command(name, description) { run, step };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => PinAsync(session, result.GetValue(run)!, result.GetValue(step), pinned, cancellation), works: false));
        return command;
    }

    private static async Task<int> PinAsync(LabSession session, string run, long step, bool pinned, CancellationToken cancellation)
    {
        await session.Lab.PinCheckpointAsync(run, step, pinned, cancellation);
        AnsiConsole.WriteLine($"The checkpoint of step {step} is {(pinned ? "pinned" : "not pinned any more")}.");
        return 0;
    }

    private static Command Verify()
    {
        var run = LabCommands.RunArgument();
        var step = new Argument<long>("step") { Description = "The checkpoint's step." };
        var command = new Command("verify", "Reads a checkpoint to its end and compares lengths and SHA-256 with its manifest. Exit code 0 if it is whole.") { run, step };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => VerifyAsync(session, result.GetValue(run)!, result.GetValue(step), cancellation), works: false));
        return command;
    }

    private static async Task<int> VerifyAsync(LabSession session, string run, long step, CancellationToken cancellation)
    {
        var damage = await session.Lab.VerifyCheckpointAsync(run, step, cancellation);
        AnsiConsole.WriteLine(damage ?? $"The checkpoint of step {step} is whole.");
        return damage is null ? 0 : 1;
    }

    private static void Write(RunCheckpointPlan plan, string deletion)
    {
        var table = Tables.Create("step", "attempt", "bytes", "score", "kept because it is");
        foreach (var checkpoint in plan.Checkpoints)
        {
            Tables.AddRow(
                table, $"{checkpoint.Step}", $"{checkpoint.Epoch}", checkpoint.Bytes.ToString("N0", CultureInfo.InvariantCulture),
                checkpoint.Score is { } score ? Tables.Number(score, "0.0000") : "", checkpoint.Reasons.IsEmpty ? $"({deletion})" : string.Join(", ", checkpoint.Reasons));
        }

        AnsiConsole.Write(table);
        var over = plan.BytesOverBudget > 0 ? string.Create(CultureInfo.InvariantCulture, $", {plan.BytesOverBudget:N0} above the budget") : "";
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{plan.Checkpoints.Length - plan.Deleted.Count()} of {plan.Checkpoints.Length} stay: {plan.BytesKept:N0} bytes{over}."));
    }
}
