using Bunit;
using Microsoft.AspNetCore.Components;
using Radzen;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Security;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests;

/// <summary>Renders a page or control over an <see cref="InMemoryLab"/>.</summary>
public abstract class PageTest : BunitContext, IAsyncLifetime
{
    protected PageTest()
    {
        // Generous, for machines that train beside the tests.
        DefaultWaitTimeout = TimeSpan.FromSeconds(60);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(_ => Lab.Grains);
        Services.AddSingleton<IArtefactReader>(_ => Lab);
        Services.AddSingleton<IStudyLauncher>(_ => Lab);
        Services.AddSingleton<IStudyArchives>(_ => Archives);
        Services.AddSingleton<IRunCheckpoints>(_ => Lab);
        Services.AddSingleton<IGrainActivations>(_ => Lab);
        Services.AddSingleton<IAuditLog>(_ => Lab);
        Services.AddScoped<RecordedActions>();
        Services.AddSingleton<IStudyAdvisor>(_ => Lab);
        Services.AddSingleton<ILabSettings>(_ => Lab);
        Services.AddScoped<Reader>();
        Services.AddSingleton<IModelService>(_ => Lab.Models);
        Services.AddSingleton<IStudyDocuments>(_ => Lab.Models);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<LiveSubscriptions>();
        Services.AddSingleton(Connection);
        Services.AddRadzenComponents();
        this.AddAuthorization().SetAuthorized("local");
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    private protected InMemoryLab Lab { get; set; } = new();

    private protected InMemoryArchives Archives { get; } = new();

    private protected BrowserConnection Connection { get; } = new();

    private protected ManualTime Time { get; } = new(SampleLab.Now);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();
}
