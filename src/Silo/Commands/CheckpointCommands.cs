using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Training;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>checkpoint list|plan|prune|pin|unpin</c>.</summary>
internal static class CheckpointCommands
{
    public static Command Create() => new("checkpoint", "List, plan, prune and pin a run's checkpoints.")
    {
        List(),
        Plan("plan", "Shows what would be deleted, and deletes nothing.", prune: false),
        Plan("prune", "Shows what is to be deleted, asks, and deletes exactly that. The newest checkpoint, pinned ones and those in use always stay.", prune: true),
        Pin("pin", "Keeps the checkpoint of a step, whatever the policy and the budget.", pinned: true),
        Pin("unpin", "Keeps a checkpoint no longer than the policy says.", pinned: false),
    };

    private static Command List()
    {
        var run = RunArgument();
        var command = new Command("list", "Lists a run's checkpoints and why each is kept.") { run };
        command.SetAction((result, cancellation) => LabSession.RunAsync(result, session => ListAsync(session, result.GetValue(run)!, cancellation), works: false));
        return command;
    }

    private static async Task<int> ListAsync(LabSession session, string run, CancellationToken cancellation)
    {
        var (checkpoints, _) = await OpenAsync(session, run);
        Write(await checkpoints.PlanAsync(cancellation: cancellation), "would go");
        return 0;
    }

    private static Command Plan(string name, string description, bool prune)
    {
        var run = RunArgument();
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
                var (checkpoints, policy) = await OpenAsync(session, result.GetValue(run)!);
                policy = policy with
                {
                    Latest = result.GetValue(latest) ?? policy.Latest,
                    EverySteps = result.GetValue(every) ?? policy.EverySteps,
                    Best = result.GetValue(best) ?? policy.Best,
                    BudgetBytes = result.GetValue(budget) ?? policy.BudgetBytes,
                };
                var plan = await checkpoints.PlanAsync(policy, cancellation);
                Write(plan, "is deleted");
                return prune ? await PruneAsync(session, result.GetValue(run)!, checkpoints, plan, result.GetValue(yes), cancellation) : 0;
            },
            works: false));
        return command;
    }

    private static async Task<int> PruneAsync(LabSession session, string run, CheckpointStore checkpoints, RetentionPlan plan, bool yes, CancellationToken cancellation)
    {
        var deleted = plan.Decisions.Count(decision => decision.IsDeleted);
        if (deleted == 0)
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

            if (!AnsiConsole.Confirm($"Delete {deleted} of {plan.Decisions.Count} checkpoints?", defaultValue: false))
            {
                AnsiConsole.WriteLine("Nothing was deleted.");
                return 1;
            }
        }

        try
        {
            var steps = string.Join(", ", plan.Decisions.Where(decision => decision.IsDeleted).Select(decision => decision.Step).Order());
            await session.DoAsync("delete", "checkpoints", $"{run}: {steps}", () => checkpoints.CarryOutAsync(plan, cancellation));
        }
        catch (RetentionPlanException exception)
        {
            throw new LabException(exception.Message);
        }

        AnsiConsole.WriteLine($"{deleted} deleted.");
        return 0;
    }

    private static Command Pin(string name, string description, bool pinned)
    {
        var run = RunArgument();
        var step = new Argument<long>("step") { Description = "The checkpoint's step." };
        var command = new Command(name, description) { run, step };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result, session => PinAsync(session, result.GetValue(run)!, result.GetValue(step), pinned, cancellation), works: false));
        return command;
    }

    private static async Task<int> PinAsync(LabSession session, string run, long step, bool pinned, CancellationToken cancellation)
    {
        var (checkpoints, _) = await OpenAsync(session, run);
        await session.DoAsync(pinned ? "pin" : "unpin", "checkpoint", $"{run}: {step}", async () =>
        {
            if (!await checkpoints.PinAsync(step, pinned, cancellation))
            {
                throw new LabException($"Run '{run}' has no checkpoint of step {step}; `checkpoint list {run}` shows those it has.");
            }
        });
        AnsiConsole.WriteLine($"The checkpoint of step {step} is {(pinned ? "pinned" : "not pinned any more")}.");
        return 0;
    }

    private static async Task<(CheckpointStore Checkpoints, RetentionPolicy Policy)> OpenAsync(LabSession session, string run)
    {
        var (_, specification) = await RunCommands.GetAsync(session, run);
        var policy = TrainingMapping.ToRetention(specification.Training.Retention);
        return (new CheckpointStore(session.Store, ArtefactNames.Checkpoints(run), policy), policy);
    }

    private static void Write(RetentionPlan plan, string deletion)
    {
        var table = Tables.Create("step", "attempt", "bytes", "score", "kept because it is");
        foreach (var decision in plan.Decisions)
        {
            Tables.AddRow(
                table, $"{decision.Step}", $"{decision.Epoch}", decision.Bytes.ToString("N0", CultureInfo.InvariantCulture),
                decision.Score is { } score ? Tables.Number(score, "0.0000") : "", decision.IsDeleted ? $"({deletion})" : Explain(decision.Reasons));
        }

        AnsiConsole.Write(table);
        var over = plan.BytesOverBudget > 0 ? string.Create(CultureInfo.InvariantCulture, $", {plan.BytesOverBudget:N0} above the budget") : "";
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Decisions.Count(decision => !decision.IsDeleted)} of {plan.Decisions.Count} stay: {plan.BytesKept:N0} bytes{over}."));
    }

    private static string Explain(RetentionReasons reasons) => string.Join(", ", Enum.GetValues<RetentionReasons>()
        .Where(reason => reason != RetentionReasons.None && reasons.HasFlag(reason))
        .Select(reason => reason switch
        {
            RetentionReasons.Newest => "the newest",
            RetentionReasons.Latest => "one of the latest",
            RetentionReasons.EveryNth => "one of every n steps",
            RetentionReasons.Best => "one of the best",
            RetentionReasons.Pinned => "pinned",
            _ => "in use",
        }));

    private static Argument<string> RunArgument() => new("run") { Description = "The run's id, as `run list` shows it." };
}
