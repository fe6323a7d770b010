using Microsoft.JSInterop;

namespace SlungOrleans.Dashboard.Model;

/// <summary>How the person before this browser wants to read: kept in the browser, and nowhere else.</summary>
/// <param name="script">The browser.</param>
public sealed class Reader(IJSRuntime script) : IAsyncDisposable
{
    /// <summary>Digits of metrics where nobody has chosen.</summary>
    public const int UsualDigits = 4;

    /// <summary>Digits that can be chosen.</summary>
    public static ImmutableArray<int> DigitChoices { get; } = [2, 3, 4, 5, 6];

    private const string Script = "./_content/SlungOrleans.Dashboard/js/reader.js";

    private IJSObjectReference? _module;

    /// <summary>Told when something else was chosen.</summary>
    public event Action? Changed;

    /// <summary>The time zone of times that are written out.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The browser's own time zone, by its name.</summary>
    public string BrowserZone { get; private set; } = "";

    /// <summary>The zone that was chosen, by its name; null for the browser's.</summary>
    public string? ChosenZone { get; private set; }

    /// <summary>Significant digits of metrics.</summary>
    public int Digits { get; private set; } = UsualDigits;

    /// <summary><c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public string Scheme { get; private set; } = "system";

    /// <summary>Reads what the browser keeps.</summary>
    public async Task LoadAsync()
    {
        Scheme = await script.InvokeAsync<string?>("slungOrleansColorScheme.current") ?? "system";
        _module ??= await script.InvokeAsync<IJSObjectReference>("import", Script);
        Take(await _module.InvokeAsync<Choices?>("current"));
    }

    /// <summary>Chooses colours.</summary>
    /// <param name="scheme"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
    public async Task ChooseSchemeAsync(string scheme)
    {
        Scheme = await script.InvokeAsync<string?>("slungOrleansColorScheme.choose", scheme) ?? scheme;
        Changed?.Invoke();
    }

    /// <summary>Chooses a time zone and digits.</summary>
    /// <param name="zone">The zone's name; null for the browser's.</param>
    /// <param name="digits">One of <see cref="DigitChoices"/>.</param>
    public async Task ChooseAsync(string? zone, int digits)
    {
        _module ??= await script.InvokeAsync<IJSObjectReference>("import", Script);
        Take(await _module.InvokeAsync<Choices?>("choose", zone, digits));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is { } module)
        {
            _module = null;
            try
            {
                await module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser is gone, and its module with it.
            }
        }
    }

    private void Take(Choices? choices)
    {
        BrowserZone = choices?.Browser ?? "";
        ChosenZone = choices?.Zone is { Length: > 0 } zone ? zone : null;
        Zone = Find(ChosenZone ?? BrowserZone);
        Digits = choices is { Digits: var digits } && DigitChoices.Contains(digits) ? digits : UsualDigits;
        Changed?.Invoke();
    }

    // What the machine of the silo does not know is shown as UTC, and said to be.
    private static TimeZoneInfo Find(string name) => name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private sealed record Choices(string? Browser, string? Zone, int Digits);
}
