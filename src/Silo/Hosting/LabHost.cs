using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard;
using SlungOrleans.Grains;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Api;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Exports;
using SlungOrleans.Silo.Models;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Puts the lab together.</summary>
internal static class LabHost
{
    /// <summary>How long a stop in good order may take: checkpoints are written, and grains move to other silos.</summary>
    public static TimeSpan StopTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The lab with its dashboard.</summary>
    public static WebApplication CreateServer(CommandSettings settings, string? url) => CreateWeb(settings, url, GrainHosting.Add, AddWork);

#if USE_ORLEANS
    /// <summary>The dashboard of a cluster, without a silo.</summary>
    public static WebApplication CreateDashboard(CommandSettings settings, string? url) => CreateWeb(settings, url, GrainHosting.AddClient);
#endif

    /// <summary>The lab without a dashboard, quiet on the console; of a cluster, a client.</summary>
    public static IHost CreateHeadless(CommandSettings settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
#if USE_ORLEANS
        AddLab(builder, settings, url: null, GrainHosting.AddClient);
#else
        AddLab(builder, settings, url: null, GrainHosting.Add, AddWork);
#endif
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // What a command writes may be read by another program.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        // The command says itself what failed.
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(typeof(DeviceWorker).FullName, LogLevel.None);
        return builder.Build();
    }

    private static WebApplication CreateWeb(CommandSettings settings, string? url, params Action<IHostApplicationBuilder, LabOptions>[] parts)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(LabHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var options = AddLab(builder, settings, url, parts);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);

        // A start that fails is said in one sentence by the command; a worker that fails is logged as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Its warnings are that keys are not encrypted; they lie in a folder of their own that is its owner's alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // What else Kestrel was told to listen on might be open to other machines without anybody having to sign in.
        builder.WebHost.UseUrls(options.Url).PreferHostingUrls(true);
        builder.WebHost.UseStaticWebAssets();
        var access = LabAccess.Of(options);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton<ILabSettings>(new LabSettings(builder.Configuration, options, GivenOnCommandLine(settings, url)));
        builder.Services.AddDashboard(access.Configure);
        LabApi.Add(builder.Services);
        var app = builder.Build();
        LabApi.Use(app);
        app.MapDashboard();
        LabApi.Map(app);
        return app;
    }

    private static List<string> GivenOnCommandLine(CommandSettings settings, string? url) =>
    [
        .. settings.Data is null ? [] : new[] { nameof(LabOptions.Data) },
        .. settings.Devices is null ? [] : new[] { nameof(LabOptions.Devices) },
        .. url is null ? [] : new[] { nameof(LabOptions.Url) },
    ];

    private static LabOptions AddLab(
        IHostApplicationBuilder builder, CommandSettings settings, string? url, params ReadOnlySpan<Action<IHostApplicationBuilder, LabOptions>> parts)
    {
        builder.Services.AddOptions<LabOptions>()
            .Bind(builder.Configuration.GetSection(LabOptions.Section))
            .PostConfigure(options =>
            {
                options.Data = Path.GetFullPath(settings.Data ?? options.Data);
                options.Devices = settings.Devices ?? options.Devices;
                options.Url = url ?? options.Url;
                options.NameSilo();
            })
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LabOptions>>(new LabOptionsValidator(GrainHosting.IsCluster));

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
        builder.Services.AddSingleton(BlobStores.Open(options));
        builder.Services.AddSingleton<Engines>();

        // Models that are asked beside the work, which has the devices to itself.
        builder.Services.AddSingleton<IEngine, ManagedEngine>();
        builder.Services.AddSingleton<FreeSpace>();
        builder.Services.AddSingleton<CorpusFiles>();
        builder.Services.AddSingleton<Datasets>();
        builder.Services.AddSingleton<Classifiers>();
        builder.Services.AddSingleton<Taggers>();
        builder.Services.AddSingleton<ScoreHistograms>();
        builder.Services.AddSingleton<Scorers>();
        builder.Services.AddSingleton<StudyDocuments>();
        builder.Services.AddSingleton<IStudyDocuments>(services => services.GetRequiredService<StudyDocuments>());
        builder.Services.AddSingleton<ModelCache>();
        builder.Services.AddSingleton<IModelService, ModelService>();
        builder.Services.AddSingleton<IArtefactReader, ArtefactReader>();
        builder.Services.AddSingleton<IAuditLog>(services => new AuditLogFile(
            Path.Combine(options.Data, "audit.jsonl"), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<AuditLogFile>>()));
        builder.Services.AddSingleton<TrainingSpeeds>();
        builder.Services.AddSingleton<TrainingMemory>();
        builder.Services.AddSingleton<SliceTrial>();
        builder.Services.AddSingleton<CorpusSamples>();
        builder.Services.AddSingleton<AuditPreviews>();
        builder.Services.AddSingleton<IStudyAdvisor, StudyAdvisor>();
        builder.Services.AddSingleton<RunVerifier>();
        builder.Services.AddSingleton<IRunCheckpoints, RunCheckpoints>();
        builder.Services.AddSingleton<IStudyLauncher, StudyLauncher>();
        builder.Services.AddSingleton<StudyReports>();
        builder.Services.AddSingleton<StudyExporter>();
        builder.Services.AddSingleton<StudyImporter>();
        builder.Services.AddSingleton<IStudyArchives, StudyArchives>();
        builder.Services.AddSingleton<IGrainActivations, ActivationCounts>();

        foreach (var part in parts)
        {
            part(builder, options);
        }

        return options;
    }

    /// <summary>What does the work. After the grains' host: started after it and stopped before it.</summary>
    private static void AddWork(IHostApplicationBuilder builder, LabOptions options)
    {
        builder.Services.Configure<DevicePoolOptions>(pool => pool.WorkerLostAfter = options.WorkerLostAfter);
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
    }
}
