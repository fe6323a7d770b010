using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using SlungOrleans.Dashboard.Components.Pages;

namespace SlungOrleans.Dashboard.Components;

public sealed partial class App : ComponentBase
{
    // Every page is live: rendering it once without a connection would read everything twice and flicker.
    private static readonly InteractiveServerRenderMode WithoutPrerendering = new(prerender: false);

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    protected override void OnInitialized()
    {
        if (HttpContext.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type == typeof(NotFoundPage))
        {
            // Only once the answer starts: seeing the status earlier, Blazor would leave the page empty for a middleware to fill.
            HttpContext.Response.OnStarting(() =>
            {
                HttpContext.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }
    }
}
