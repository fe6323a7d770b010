using Microsoft.AspNetCore.Components;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Controls;

namespace SlungOrleans.Dashboard.Components.Pages;

public sealed partial class CorporaPage : LivePage
{
    private ImmutableArray<CorpusView> _corpora = [];

    [Inject]
    public required IGrainFactory Grains { get; init; }

    protected override string Subject => "corpora";

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var names = await Grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListCorporaAsync();
        _corpora = [.. await Task.WhenAll(names.Select(name => Grains.GetGrain<ICorpusGrain>(name).GetAsync()))];
    }
}
