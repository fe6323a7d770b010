using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Models;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Puts the lab together.</summary>
internal static class LabHost
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The lab with its dashboard.</summary>
    public static WebApplication CreateServer(CommandSettings settings, string? url)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var options = AddLab(builder, settings, url);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddDashboard();
        var app = builder.Build();
        app.MapDashboard();
        return app;
    }

    /// <summary>The lab without a dashboard, quiet on the console.</summary>
    public static IHost CreateHeadless(CommandSettings settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        AddLab(builder, settings, url: null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // The command says itself what failed.
        builder.Logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(typeof(DeviceWorker).FullName, LogLevel.None);
        return builder.Build();
    }

    private static LabOptions AddLab(IHostApplicationBuilder builder, CommandSettings settings, string? url)
    {
        builder.Services.AddOptions<LabOptions>()
            .Bind(builder.Configuration.GetSection(LabOptions.Section))
            .PostConfigure(options =>
            {
                options.Data = Path.GetFullPath(settings.Data ?? options.Data);
                options.Devices = settings.Devices ?? options.Devices;
                options.Url = url ?? options.Url;
            })
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LabOptions>, LabOptionsValidator>();

        // Some settings are needed to put the host together, before it validates them: the same rules, now.
        using var early = builder.Services.BuildServiceProvider();
        var options = early.GetRequiredService<IOptions<LabOptions>>().Value;
        DataFolder.Prepare(options.Data);

        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IBlobStore>(new LocalBlobStore(Path.Combine(options.Data, "blobs")));
        builder.Services.AddSingleton<IEngine, ManagedEngine>();
        builder.Services.AddSingleton<FreeSpace>();
        builder.Services.AddSingleton<CorpusFiles>();
        builder.Services.AddSingleton<Datasets>();
        builder.Services.AddSingleton<Classifiers>();
        builder.Services.AddSingleton<Taggers>();
        builder.Services.AddSingleton<Scorers>();
        builder.Services.AddSingleton<StudyDocuments>();
        builder.Services.AddSingleton<IStudyDocuments>(services => services.GetRequiredService<StudyDocuments>());
        builder.Services.AddSingleton<ModelCache>();
        builder.Services.AddSingleton<IModelService, ModelService>();
        builder.Services.AddSingleton<IArtefactReader, ArtefactReader>();
        builder.Services.AddSingleton<RunVerifier>();
        builder.Services.AddSingleton<IStudyLauncher, StudyLauncher>();

        // Started before the workers and stopped after them.
        GrainHosting.Add(builder, options);
        builder.Services.AddSingleton<IWork, ImportWork>();
        builder.Services.AddSingleton<IWork, TagWork>();
        builder.Services.AddSingleton<IWork, PrepareWork>();
        builder.Services.AddSingleton<IWork, TrainWork>();
        builder.Services.AddSingleton<IWork, EvaluateWork>();
        builder.Services.AddSingleton<IWork, CompareWork>();
        builder.Services.AddHostedService<UnfinishedStudies>();
        if (options.Devices > 0)
        {
            builder.Services.AddHostedService<DeviceWorker>();
        }

        return options;
    }
}
