using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Reads what an evaluation measured on every item.</summary>
internal static class EvaluationItems
{
    /// <summary>The items; null if there is no such evaluation, or it is not completed.</summary>
    /// <param name="artefacts">Where from.</param>
    /// <param name="evaluation">The evaluation's id (<see cref="Identifiers.ForEvaluation"/>).</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="EvaluationException">The artefact cannot be read.</exception>
    public static Task<SuiteResult?> ReadAsync(IArtefactReader artefacts, string evaluation, CancellationToken cancellation) => Task.Run(
        async () => await artefacts.ReadTextAsync(ArtefactNames.Evaluation(evaluation), cancellation) is { } json ? SuiteJson.Read(json) : null,
        cancellation);

    /// <summary>Whether a run of this amount has been scored by all of its evaluations.</summary>
    public static bool IsScored(this RunSummary run, double amount) => run.Amount == amount && run.Evaluations > 0 && run.EvaluationsDone == run.Evaluations;
}
