using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Layout;

public sealed partial class MainLayout : LayoutComponentBase, IDisposable
{
    private ErrorBoundary? _boundary;
    private ElementReference _content;

    [Inject]
    internal SignInTokens Tokens { get; init; } = null!;

    [Inject]
    public required Reader Reader { get; init; }

    [Inject]
    public required BrowserConnection Connection { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IJSRuntime JavaScript { get; init; }

    public void Dispose() => Connection.Changed -= FollowTheBrowser;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            Connection.Changed += FollowTheBrowser;
            await Reader.LoadAsync();
        }
    }

    // Going to another page is also a way out of an error.
    protected override void OnParametersSet() => Recover();

    // A link that is followed while the connection is lost changes the browser's address, and nobody tells the page.
    private void FollowTheBrowser() => _ = InvokeAsync(async () =>
    {
        try
        {
            if (Connection.IsUp && await JavaScript.InvokeAsync<string?>("slungOrleansAddress") is { } address && address != Navigation.Uri)
            {
                Navigation.NavigateTo(address, replace: true);
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // Lost once more; it is asked again when it is back.
        }
    });

    private void Recover() => _boundary?.Recover();

    private Task SkipToContentAsync() => _content.FocusAsync().AsTask();
}
