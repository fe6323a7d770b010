using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Reads what a suite measured on every item of a run.</summary>
internal static class EvaluationItems
{
    /// <summary>The items; null if the run was not evaluated by that suite.</summary>
    /// <param name="artefacts">Where from.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="suite">The suite.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="EvaluationException">The artefact cannot be read.</exception>
    public static Task<SuiteResult?> ReadAsync(IArtefactReader artefacts, string run, string suite, CancellationToken cancellation) => Task.Run(
        async () => await artefacts.ReadTextAsync(ArtefactNames.Evaluation(Identifiers.ForEvaluation(run, suite)), cancellation) is { } json ? SuiteJson.Read(json) : null,
        cancellation);

    /// <summary>Whether a run of this amount has been scored by all of its evaluations.</summary>
    public static bool IsScored(this RunSummary run, double amount) => run.Amount == amount && run.Evaluations > 0 && run.EvaluationsDone == run.Evaluations;
}
