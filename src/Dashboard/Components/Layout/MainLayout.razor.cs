using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace SlungOrleans.Dashboard.Components.Layout;

public sealed partial class MainLayout : LayoutComponentBase
{
    private ErrorBoundary? _boundary;
    private ElementReference _content;

    // Going to another page is also a way out of an error.
    protected override void OnParametersSet() => Recover();

    private void Recover() => _boundary?.Recover();

    private Task SkipToContentAsync() => _content.FocusAsync().AsTask();
}
