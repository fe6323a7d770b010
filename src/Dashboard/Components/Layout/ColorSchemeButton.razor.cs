using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Layout;

/// <summary>Goes round: as the system, light, dark.</summary>
public sealed partial class ColorSchemeButton : ComponentBase, IDisposable
{
    [Inject]
    public required Reader Reader { get; init; }

    private string Title => Reader.Scheme switch
    {
        "light" => "Colours: light. Switch to dark",
        "dark" => "Colours: dark. Switch to the system's",
        _ => "Colours: as the system. Switch to light",
    };

    private string Icon => Reader.Scheme switch
    {
        "light" => "light_mode",
        "dark" => "dark_mode",
        _ => "contrast",
    };

    public void Dispose() => Reader.Changed -= Redraw;

    protected override void OnInitialized() => Reader.Changed += Redraw;

    private Task ChooseNextAsync() => Reader.ChooseSchemeAsync(Reader.Scheme switch
    {
        "light" => "dark",
        "dark" => "system",
        _ => "light",
    });

    private void Redraw() => _ = InvokeAsync(StateHasChanged);
}
