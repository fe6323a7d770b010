using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Layout;

public sealed partial class MainLayout : LayoutComponentBase
{
    private ErrorBoundary? _boundary;
    private ElementReference _content;

    [Inject]
    internal SignInTokens Tokens { get; init; } = null!;

    [Inject]
    public required Reader Reader { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Reader.LoadAsync();
        }
    }

    // Going to another page is also a way out of an error.
    protected override void OnParametersSet() => Recover();

    private void Recover() => _boundary?.Recover();

    private Task SkipToContentAsync() => _content.FocusAsync().AsTask();
}
