using System.ComponentModel;
using System.Runtime.CompilerServices;
using SlungOrleans.Contracts;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Silo.Api;

/// <summary>An evaluation in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Study">Its study.</param>
/// <param name="Run">The run whose last checkpoint it evaluates.</param>
/// <param name="Suite"><c>recognition</c>, <c>generation</c>, <c>perplexity</c> or <c>replies</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Metrics">What it measured, once completed.</param>
/// <param name="Message">One sentence for people, if something is wrong.</param>
internal sealed record EvaluationSummary(
    string Id, string Study, string Run, string Suite, WorkState State, ImmutableDictionary<string, double> Metrics, string Message)
{
    public static EvaluationSummary Of(EvaluationView view) =>
        new(view.Id, view.Request!.Study, view.Request.Run, view.Request.Suite, view.Work.State, view.Work.Numbers, view.Work.Message);
}

/// <summary><c>/api/evaluations</c>.</summary>
internal static class EvaluationEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var evaluations = api.MapGroup("/api/evaluations").WithTags("evaluations");
        evaluations.MapGet("", ListAsync).WithName("list-evaluations").WithSummary("Evaluations, in the order of runs.").Refuses(StatusCodes.Status404NotFound);
        evaluations.MapGet("/{evaluation}", (string evaluation, LocalLab lab) => lab.GetEvaluationAsync(evaluation))
            .WithName("get-evaluation").WithSummary("What an evaluation is and where it stands.").Refuses(StatusCodes.Status404NotFound);
        evaluations.MapGet("/{evaluation}/examples", ListExamplesAsync).WithName("list-examples")
            .WithSummary($"What was measured on every item. Holds text of corpora and of models as it is. At most {ApiLimits.LargestPageOfPoints} per page.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        foreach (var (action, summary) in new[]
        {
            (WorkAction.Pause, "Holds an evaluation back until it is resumed."),
            (WorkAction.Resume, "Lets a paused evaluation go on."),
            (WorkAction.Cancel, "Stops an evaluation."),
            (WorkAction.Retry, "Tries an evaluation again that failed or was cancelled."),
        })
        {
            var name = action.ToString().ToLowerInvariant();
            evaluations.MapPost($"/{{evaluation}}/{name}", (string evaluation, LocalLab lab) => lab.ActOnEvaluationAsync(action, evaluation))
                .WithName($"{name}-evaluation").WithSummary(summary + " May be given again with the same effect.")
                .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        }
    }

    private static Task<Page<EvaluationSummary>> ListAsync(
        [AsParameters] PageQuery page,
        LocalLab lab,
        CancellationToken cancellation,
        [Description("Only evaluations of this study.")] string? study = null,
        [Description("Only evaluations of this run.")] string? run = null) =>
        page.OfAsync(SummariesAsync(lab.EvaluationsAsync(study, run, page.After, cancellation)));

    private static async IAsyncEnumerable<(string Key, EvaluationSummary Item)> SummariesAsync(
        IAsyncEnumerable<(string Key, EvaluationView Evaluation)> evaluations, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var (key, evaluation) in evaluations.WithCancellation(cancellation))
        {
            yield return (key, EvaluationSummary.Of(evaluation));
        }
    }

    private static async Task<Page<SuiteItem>> ListExamplesAsync(string evaluation, [AsParameters] PageQuery page, LocalLab lab, CancellationToken cancellation)
    {
        var items = page.Of((await lab.ReadResultAsync(evaluation, cancellation)).Items.Index(), item => PageKey.Rising(item.Index), ApiLimits.LargestPageOfPoints);
        return new Page<SuiteItem>([.. items.Items.Select(item => item.Item)], items.Next);
    }
}
