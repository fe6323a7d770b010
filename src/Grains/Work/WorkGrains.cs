using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>Which grain a ticket belongs to.</summary>
public static class WorkGrains
{
    /// <summary>The grain whose work a ticket is.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="ticket">The ticket.</param>
    public static IWorkGrain Of(IGrainFactory grains, WorkTicket ticket) => ticket.Kind switch
    {
        WorkKind.Import => grains.GetGrain<ICorpusGrain>(ticket.Key),
        WorkKind.Tag => grains.GetGrain<ITaggingJobGrain>(ticket.Key),
        WorkKind.Prepare or WorkKind.Compare => grains.GetGrain<IStudyGrain>(ticket.Key),
        WorkKind.Train => grains.GetGrain<ITrainingRunGrain>(ticket.Key),
        WorkKind.Evaluate => grains.GetGrain<IEvaluationGrain>(ticket.Key),
        _ => throw new ArgumentOutOfRangeException(nameof(ticket), ticket.Kind, "There is no such kind of work."),
    };
}
