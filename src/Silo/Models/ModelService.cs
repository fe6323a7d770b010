using System.Runtime.CompilerServices;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Models;

/// <inheritdoc cref="IModelService"/>
internal sealed class ModelService(ModelCache models, StudyDocuments documents, Taggers taggers, Scorers scorers, IGrainFactory grains) : IModelService, IDisposable
{
    private readonly AnswerQueue _queue = new();

    public async Task<LensText> TokeniseAsync(LensRequest request, CancellationToken cancellation)
    {
        var runs = await RunsOfAsync(new ModelChoice(request.Study));
        return await _queue.RunAsync(_ => Tokenise(request, runs), cancellation);
    }

    public async IAsyncEnumerable<ArmProbabilities> ScoreAsync(ModelChoice choice, LensText text, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int[] tokens = [.. text.Tokens.Select(token => token.Id)];
        var runs = await RunsOfAsync(choice);
        foreach (var run in runs.Runs)
        {
            yield return await _queue.RunAsync(
                stop =>
                {
                    var (asked, probabilities) = Ask(run, loaded => ModelQuestions.Probabilities(loaded.Model, loaded.Tokenizer.EndOfText, tokens, stop));
                    return new ArmProbabilities(asked, probabilities);
                },
                cancellation);
        }
    }

    public async IAsyncEnumerable<ArmContinuations> GenerateAsync(ModelChoice choice, PromptRequest prompt, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PromptChecks.Check(prompt);
        var runs = await RunsOfAsync(choice);
        var scorer = runs.Study.Evaluation.Scorer;
        foreach (var run in runs.Runs)
        {
            yield return await _queue.RunAsync(
                stop =>
                {
                    var (asked, samples) = Ask(run, loaded => ModelQuestions.Continuations(loaded, prompt, scorers.Create(scorer), stop));
                    return new ArmContinuations(asked, scorer.Threshold, samples);
                },
                cancellation);
        }
    }

    // The queue first: it ends what is under way before the models go.
    public void Dispose() => _queue.Dispose();

    private (AskedModel Model, ImmutableArray<T> Answer) Ask<T>(RunOfArm run, Func<LoadedModel, ImmutableArray<T>> question)
    {
        var asked = new AskedModel { Arm = run.Summary.Arm, Run = run.Summary.Id };
        try
        {
            var loaded = models.Get(run.Summary.Id, run.Specification ?? throw new LabException($"Run '{run.Summary.Id}' has not been queued yet."));
            return (asked with { Step = loaded.Step }, question(loaded));
        }
        catch (Exception exception) when (exception is LabException or BlobStoreException or CheckpointMismatchException)
        {
            var state = $"It is {run.Summary.State.ToString().ToLowerInvariant()}, at step {run.Summary.Step} of {run.Summary.Steps}.";
            return (asked with { Fault = $"{exception.Message} {state}" }, []);
        }
    }

    private LensText Tokenise(LensRequest request, StudyRuns runs)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var thresholds = CorpusMapping.ToThresholds(runs.Study.Data);
        var (document, pool) = request.Document is { } id ? documents.Find(runs.Study, id) : (OwnText(request.Text ?? "", runs.Study.Data.Tagger, notes), true);
        if (request.Document is { } known && documents.IsHeldOut(runs.Study, known, pool))
        {
            notes.Add("This document is held out: no arm trains on it. What the losses would do with it is shown.");
        }

        var (tokens, cut) = LensTokens.Of(models.Tokenizer(runs.Tokenizer), document, thresholds);
        if (cut)
        {
            notes.Add($"Only the first {LensTokens.Most} tokens are shown.");
        }

        return new LensText
        {
            Document = document.Id,
            Tokens = tokens,
            Arms = [.. runs.Study.Arms.Select(arm => LensTokens.Treat(arm, tokens, document, pool, thresholds))],
            Notes = notes.ToImmutable(),
        };
    }

    private Document OwnText(string text, TaggerSpecification tagger, ImmutableArray<string>.Builder notes)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LensRequest.LongestText)
        {
            throw new LabException($"The text has {text.Length} characters; 1 to {LensRequest.LongestText}, not all of them white space, are expected.");
        }

        var marked = MarkedText.Read(text);
        if (marked.Spans.Count > 0)
        {
            return marked;
        }

        if (tagger.Kind == "gold")
        {
            notes.Add("The study's labels came with its corpora, so nothing can label this text; put [[ and ]] around what is high-risk.");
            return marked;
        }

        notes.Add($"Labelled by the study's tagger ({tagger.Kind}).");
        return marked with { Spans = taggers.Create(tagger).Tag(marked) };
    }

    private async Task<StudyRuns> RunsOfAsync(ModelChoice choice)
    {
        Identifiers.Ensure(choice.Study, "study");
        var view = await grains.GetGrain<IStudyGrain>(choice.Study).GetAsync();
        var study = view.Specification ?? throw new LabException($"There is no study '{choice.Study}'.");
        if (view.Runs.IsEmpty)
        {
            throw new LabException($"Study '{choice.Study}' has no runs to ask: it is {view.Stage.ToString().ToLowerInvariant()}.");
        }

        var seed = choice.Seed ?? study.Seeds[0];
        var amount = choice.Amount ?? study.Amounts[0];
        var runs = ImmutableArray.CreateBuilder<RunOfArm>();
        foreach (var arm in study.Arms)
        {
            var summary = view.Runs.FirstOrDefault(run => run.Arm == arm.Name && run.Seed == seed && run.Amount == amount)
                ?? throw new LabException(FormattableString.Invariant($"Study '{choice.Study}' has no run of arm '{arm.Name}' with seed {seed} and amount {amount}."));
            runs.Add(new RunOfArm(summary, (await grains.GetGrain<ITrainingRunGrain>(summary.Id).GetAsync()).Specification));
        }

        var tokenizer = view.Preparation.Names.GetValueOrDefault(ArtefactNames.TokenizerKey)
            ?? throw new LabException($"Study '{choice.Study}' has no tokenizer yet: it is {view.Stage.ToString().ToLowerInvariant()}.");
        return new StudyRuns(study, tokenizer, runs.ToImmutable());
    }

    private sealed record RunOfArm(RunSummary Summary, RunSpecification? Specification);

    private sealed record StudyRuns(StudySpecification Study, string Tokenizer, ImmutableArray<RunOfArm> Runs);
}
