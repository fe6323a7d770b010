using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>What waits for a device, in an order that a person may change: by dragging, with buttons or with keys.</summary>
public sealed partial class QueuePanel : ComponentBase
{
    private const int Most = 200;

    // Blazor prevents a default only where there is a handler; this one draws nothing anew.
    private static readonly EventCallback Nothing = new(null, () => { });

    private readonly Dictionary<WorkTicket, ElementReference> _entries = [];
    private WorkTicket? _dragged;
    private WorkTicket? _toFocus;
    private WorkTicket? _moved;

    /// <summary>The queue, next first.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<WorkTicket> Queue { get; set; } = [];

    /// <summary>The devices that there are, lent or free.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Devices { get; set; } = [];

    /// <summary>To stand before another entry, or at the end.</summary>
    [Parameter]
    public EventCallback<QueueMove> OnMove { get; set; }

    /// <summary>Where the entry that was moved last is now.</summary>
    private string Said => _moved is null ? ""
        : Queue.IndexOf(_moved) is >= 0 and var now ? $"{_moved.Key} is number {now + 1} of {Queue.Length}."
        : $"{_moved.Key} does not wait any more.";

    protected override void OnParametersSet()
    {
        foreach (var gone in _entries.Keys.Except(Queue).ToList())
        {
            _entries.Remove(gone);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The browser takes the focus from an element that is moved.
        if (_toFocus is { } moved && Queue.Contains(moved))
        {
            _toFocus = null;
            await _entries[moved].FocusAsync(preventScroll: true);
        }
    }

    private Task OnKeyAsync(KeyboardEventArgs key, int place) => !key.AltKey
        ? Task.CompletedTask
        : key.Key switch
        {
            "ArrowUp" => MoveAsync(place, place - 1),
            "ArrowDown" => MoveAsync(place, place + 1),
            "Home" => MoveAsync(place, 0),
            "End" => MoveAsync(place, Queue.Length - 1),
            _ => Task.CompletedTask,
        };

    private Task DropAsync(int place)
    {
        var from = _dragged is null ? -1 : Queue.IndexOf(_dragged);
        _dragged = null;
        return from < 0 ? Task.CompletedTask : MoveAsync(from, place);
    }

    private async Task MoveAsync(int from, int to)
    {
        if (to == from || to < 0 || to >= Queue.Length)
        {
            return;
        }

        var ticket = Queue[from];
        var others = Queue.RemoveAt(from);
        _toFocus = ticket;
        await OnMove.InvokeAsync(new QueueMove(ticket, to < others.Length ? others[to] : null));
        _moved = ticket;
    }
}

/// <summary>A person's wish to move waiting work.</summary>
/// <param name="Ticket">The work.</param>
/// <param name="Before">What it is to stand before; null for the end.</param>
public sealed record QueueMove(WorkTicket Ticket, WorkTicket? Before);
