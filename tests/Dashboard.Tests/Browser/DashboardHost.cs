using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>The dashboard in a real application on a free port of this machine, over an in-memory lab.</summary>
internal sealed class DashboardHost(WebApplication application) : IAsyncDisposable
{
    public int Subscriptions => application.Services.GetRequiredService<LiveSubscriptions>().Count;

    public string Address => application.Urls.First();

    public static async Task<DashboardHost> StartAsync(InMemoryLab lab, Action<DashboardOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardHost).Assembly.GetName().Name });
        builder.WebHost.UseStaticWebAssets().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(lab.Grains);
        builder.Services.AddSingleton<IArtefactReader>(lab);
        builder.Services.AddSingleton<IStudyLauncher>(lab);
        builder.Services.AddSingleton<IStudyArchives, InMemoryArchives>();
        builder.Services.AddSingleton<IRunCheckpoints>(lab);
        builder.Services.AddSingleton<IGrainActivations>(lab);
        builder.Services.AddSingleton<IAuditLog>(lab);
        builder.Services.AddSingleton<IStudyAdvisor>(lab);
        builder.Services.AddSingleton<ILabSettings>(lab);
        builder.Services.AddSingleton<IModelService>(lab.Models);
        builder.Services.AddSingleton<IStudyDocuments>(lab.Models);
        builder.Services.AddDashboard(configure);
        var application = builder.Build();
        application.MapDashboard();
        await application.StartAsync();
        return new DashboardHost(application);
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
