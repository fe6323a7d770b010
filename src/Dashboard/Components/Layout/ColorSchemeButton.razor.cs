using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SlungOrleans.Dashboard.Components.Layout;

/// <summary>Goes round: as the system, light, dark.</summary>
public sealed partial class ColorSchemeButton : ComponentBase
{
    private string _choice = "system";

    [Inject]
    public required IJSRuntime JavaScript { get; init; }

    private string Title => _choice switch
    {
        "light" => "Colours: light. Switch to dark",
        "dark" => "Colours: dark. Switch to the system's",
        _ => "Colours: as the system. Switch to light",
    };

    private string Icon => _choice switch
    {
        "light" => "light_mode",
        "dark" => "dark_mode",
        _ => "contrast",
    };

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _choice = await JavaScript.InvokeAsync<string>("slungOrleansColorScheme.current");
            StateHasChanged();
        }
    }

    private async Task ChooseNextAsync()
    {
        var next = _choice switch
        {
            "light" => "dark",
            "dark" => "system",
            _ => "light",
        };
        _choice = await JavaScript.InvokeAsync<string>("slungOrleansColorScheme.choose", next);
    }
}
