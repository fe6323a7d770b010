using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SlungOrleans.Dashboard.Security;

namespace SlungOrleans.Dashboard.Components.Layout;

public sealed partial class MainLayout : LayoutComponentBase
{
    private ErrorBoundary? _boundary;
    private ElementReference _content;

    [Inject]
    internal SignInTokens Tokens { get; init; } = null!;

    // Going to another page is also a way out of an error.
    protected override void OnParametersSet() => Recover();

    private void Recover() => _boundary?.Recover();

    private Task SkipToContentAsync() => _content.FocusAsync().AsTask();
}
