using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>A page of a run or a study, with buttons that hold it back, let it go on, cancel it after a question, and so on. What they do is recorded.</summary>
public abstract class WorkPage : LivePage
{
    /// <summary>The name of the run or study.</summary>
    [Parameter]
    public required string Id { get; set; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    protected override string Subject => Id;

    /// <summary><c>run</c> or <c>study</c>.</summary>
    protected abstract string What { get; }

    /// <summary>What cancelling means, in a sentence or two.</summary>
    protected abstract string CancelConsequence { get; }

    /// <summary>Asks the grain.</summary>
    /// <param name="action">Pause, resume, retry or cancel.</param>
    protected abstract Task AskAsync(WorkActions action);

    /// <summary>Asks the grain to train on.</summary>
    /// <param name="steps">To so many steps in all.</param>
    protected abstract Task AskToContinueAsync(int steps);

    protected async Task ActAsync(WorkActions action)
    {
        if (action != WorkActions.Cancel || await IsCancelMeantAsync())
        {
            await DoAsync(action, () => AskAsync(action));
        }
    }

    protected Task ContinueAsync(int steps) => DoAsync(WorkActions.Continue, () => AskToContinueAsync(steps));

    private async Task<bool> IsCancelMeantAsync()
    {
        var options = new ConfirmOptions { OkButtonText = $"Cancel the {What}", CancelButtonText = "Keep it" };
        return await Dialogs.Confirm(CancelConsequence, $"Cancel the {What}?", options) == true;
    }

    private Task DoAsync(WorkActions action, Func<Task> work) => ActAsync(() => Actions.DoAsync(action.ToString().ToLowerInvariant(), What, Id, work));
}
