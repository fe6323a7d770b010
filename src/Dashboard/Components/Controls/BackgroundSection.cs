using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>A section that reads something large beside its page, once for each subject, and stops when the page is closed.</summary>
public abstract class BackgroundSection : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private CancellationTokenSource? _current;
    private string? _read;

    [Inject]
    public required IArtefactReader Artefacts { get; init; }

    /// <summary>Whether something is being read.</summary>
    protected bool IsReading { get; private set; }

    /// <summary>Why it could not be read; null if it could.</summary>
    protected string? Fault { get; private set; }

    /// <summary>What to read; when it changes, it is read anew.</summary>
    protected abstract string Subject { get; }

    /// <summary>Reads the subject.</summary>
    protected abstract Task ReadAsync(CancellationToken cancellation);

    protected override async Task OnParametersSetAsync()
    {
        if (_read == Subject)
        {
            return;
        }

        _read = Subject;
        if (_current is not null)
        {
            await _current.CancelAsync();
        }

        using var current = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        _current = current;
        IsReading = true;
        Fault = null;
        try
        {
            await ReadAsync(current.Token);
        }
        catch (OperationCanceledException) when (current.IsCancellationRequested)
        {
            // Another subject is read in its place, or the page is closed.
        }
        catch (Exception exception) when (exception is IOException or LabException or EvaluationException)
        {
            Fault = exception.Message;
        }

        if (_current == current)
        {
            _current = null;
            IsReading = false;
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _closed.Cancel();
        _closed.Dispose();
    }
}
