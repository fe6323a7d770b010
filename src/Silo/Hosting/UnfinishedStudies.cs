using Microsoft.Extensions.Hosting;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Hosting;

/// <summary>At the start, wakes every study that has not ended, so that what was interrupted goes on at once and not at the next reminder.</summary>
internal sealed partial class UnfinishedStudies(IGrainFactory grains, ILogger<UnfinishedStudies> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var studies = await grains.GetGrain<ICatalogGrain>(Identifiers.Default).ListStudiesAsync();
            foreach (var study in studies.Where(study => study.Ended is null))
            {
                LogWake(logger, study.Id, study.Stage);
                await grains.GetGrain<IStudyGrain>(study.Id).GetAsync();
            }
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Study {Study} goes on ({Stage}).")]
    private static partial void LogWake(ILogger logger, string study, StudyStage stage);

    [LoggerMessage(LogLevel.Warning, "Unfinished studies could not be looked up; their reminders will bring them back.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
