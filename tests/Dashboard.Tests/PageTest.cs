using Bunit;
using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Security;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests;

/// <summary>Renders a page or control over an <see cref="InMemoryLab"/>.</summary>
public abstract class PageTest : BunitContext, IAsyncLifetime
{
    protected PageTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(_ => Lab.Grains);
        Services.AddSingleton<IArtefactReader>(_ => Lab);
        Services.AddSingleton<IStudyLauncher>(_ => Lab);
        Services.AddSingleton<IAuditLog>(_ => Lab);
        Services.AddScoped<RecordedActions>();
        Services.AddSingleton<IStudyAdvisor>(_ => Lab);
        Services.AddSingleton<IModelService>(_ => Lab.Models);
        Services.AddSingleton<IStudyDocuments>(_ => Lab.Models);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddRadzenComponents();
        this.AddAuthorization().SetAuthorized("local");
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    private protected InMemoryLab Lab { get; set; } = new();

    private protected ManualTime Time { get; } = new(SampleLab.Now);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();
}
