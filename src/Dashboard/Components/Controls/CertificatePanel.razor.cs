using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>A run's resume certificate, and a button that makes it. The replay goes on when the page is closed.</summary>
public sealed partial class CertificatePanel : ComponentBase
{
    private string? _fault;

    [Inject]
    public required IRunCheckpoints Checkpoints { get; init; }

    [Inject]
    public required RecordedActions Actions { get; init; }

    [Inject]
    public required ILogger<CertificatePanel> Log { get; init; }

    [Parameter, EditorRequired]
    public required string Run { get; set; }

    [Parameter, EditorRequired]
    public WorkState State { get; set; }

    [Parameter, EditorRequired]
    public ResumeCertificateView? Certificate { get; set; }

    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    [Parameter]
    public EventCallback OnMade { get; set; }

    private async Task CertifyAsync()
    {
        _fault = null;
        try
        {
            await Actions.DoAsync("verify", "run", Run, () => Checkpoints.CertifyAsync(Run));
        }
        catch (Exception exception)
        {
            Log.LogWarning(exception, "Run {Run} could not be replayed.", Run);
            _fault = exception.Message;
        }

        await OnMade.InvokeAsync();
    }
}
