using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>Runs one suite over a run's last checkpoint.</summary>
internal sealed class EvaluateWork(CorpusFiles corpora, StudyDocuments documents, Datasets datasets, Scorers scorers, Engines engines, IBlobStore store, IGrainFactory grains) : IWork
{
    /// <summary>One for all runs of all studies: every model is asked the same items, so that runs can be compared item by item.</summary>
    private const ulong Seed = 0;

    public WorkKind Kind => WorkKind.Evaluate;

    public WorkOutcome Run(WorkContext context)
    {
        var request = grains.GetGrain<IEvaluationGrain>(context.Key).GetAsync().GetAwaiter().GetResult().Request
            ?? throw new LabException($"Evaluation '{context.Key}' has no request.");
        context.Report("loading the checkpoint", 0, 0);
        var tokenizer = datasets.LoadTokenizer(request.RunSpecification.Tokenizer);
        var engine = engines.For(context.Device, TrainingMapping.ToPrecision(request.RunSpecification.Training));
        using var model = engine.Create(TrainingMapping.ToModel(request.RunSpecification.Model, tokenizer.VocabularySize), context.Threads);
        tokenizer = tokenizer.PaddedTo(model.Description.VocabularySize);
        using var hold = new CheckpointHold(new CheckpointStore(store, ArtefactNames.Checkpoints(request.Run)), context.Key);
        var checkpoint = hold.LoadWeights(model) ?? throw new LabException($"Run '{request.Run}' has no checkpoint that is whole.");
        FaultPoints.Reach("evaluate/after-load");
        if (checkpoint.Step > request.RunSpecification.Training.Steps)
        {
            throw new LabException(
                $"Run '{request.Run}' has been continued to step {checkpoint.Step}; what it was after step {request.RunSpecification.Training.Steps} cannot be evaluated any more.");
        }

        if (checkpoint.Step < request.RunSpecification.Training.Steps)
        {
            throw new LabException(
                $"Run '{request.Run}' has no whole checkpoint of step {request.RunSpecification.Training.Steps}: the last that is whole is of step {checkpoint.Step}, and what a shorter training came to cannot stand for it.");
        }

        var result = RunSuite(context, request, model, datasets.EncoderOf(tokenizer), hold);
        result = result with
        {
            Provenance = result.Provenance
                .SetItem("run", request.Run)
                .SetItem("step", checkpoint.Step.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .SetItem("weights", checkpoint.Weights.Sha256)
                .SetItem("tokenizer", tokenizer.Fingerprint),
        };
        if (request.RunSpecification.Model.FromSha256 is { } start)
        {
            result = result with { Provenance = result.Provenance.SetItem("start", start) };
        }

        context.Stop.ThrowIfCancellationRequested();
        FaultPoints.Reach("evaluate/before-result");
        store.WriteTextAsync(ArtefactNames.Evaluation(context.Key), SuiteJson.Write(result), WriteCondition.None).GetAwaiter().GetResult();
        FaultPoints.Reach("evaluate/after-result");
        return new WorkOutcome
        {
            State = WorkState.Completed,
            Artefact = ArtefactNames.Evaluation(context.Key),
            Numbers = result.Metrics.ToImmutableDictionary(),
            Message = string.Join(" ", result.Notes),
        };
    }

    private SuiteResult RunSuite(WorkContext context, EvaluationRequest request, ILanguageModel model, ITokenizer tokenizer, CheckpointHold hold)
    {
        var settings = request.Settings;
        void Progress(int done, int total)
        {
            FaultPoints.Reach("evaluate/progress");
            hold.Renew();
            context.Report(request.Suite, done, total);
        }

        switch (request.Suite)
        {
            case SuiteNames.Recognition:
                return Recognition.Run(
                    model,
                    tokenizer,
                    [.. settings.Recognition.Select(name => new RecognitionSet(name, [.. corpora.ReadNewest([name])]))],
                    new RecognitionSettings
                    {
                        TrainingExamples = settings.ProbeTrainingExamples,
                        TestExamples = settings.ProbeTestExamples,
                        Resamples = settings.ProbeResamples,
                    },
                    Seed,
                    Progress,
                    context.Stop);
            case SuiteNames.Generation:
                var scorer = scorers.Create(settings.Scorer);
                var generation = GenerationToxicity.Run(
                    model,
                    tokenizer,
                    documents.Prompts(Study(request)),
                    scorer,
                    new GenerationSettings
                    {
                        PromptsPerKind = settings.PromptsPerKind,
                        Continuations = settings.Continuations,
                        NewTokens = settings.NewTokens,
                        TopK = settings.TopK,
                        Threshold = settings.Scorer.Threshold,
                    },
                    Seed,
                    Progress,
                    context.Stop);
                return generation with { Provenance = generation.Provenance.SetItem("scorer", scorer.Name).SetItem("scorer-fingerprint", scorer.Fingerprint) };
            case SuiteNames.Perplexity:
                return Perplexity.Run(
                    model,
                    tokenizer,
                    HeldOutSets(request, tokenizer),

                    // As in training: a model that never saw another document before its own is not shown one here.
                    new PerplexitySettings { Sequences = settings.PerplexitySequences, Packed = request.RunSpecification.Training.AttendAcrossDocuments },
                    Seed,
                    Progress,
                    context.Stop);
            case SuiteNames.Replies:
                return Replies.Run(model, tokenizer, [.. corpora.ReadNewest(settings.Replies)], Progress, context.Stop);
            default:
                throw new LabException($"There is no suite '{request.Suite}'.");
        }
    }

    private IReadOnlyList<PerplexitySet> HeldOutSets(EvaluationRequest request, ITokenizer tokenizer)
    {
        var thresholds = CorpusMapping.ToThresholds(Study(request).Data);
        return
        [
            new("clean", [.. documents.ReadHeldOut(ArtefactNames.HeldOutBase(request.Study)).Select(document => TokenizedDocument.Of(document, tokenizer))]),
            new("high-risk", [.. documents.ReadHeldOut(ArtefactNames.HeldOutHighRisk(request.Study)).Select(document => TokenizedDocument.Of(document, tokenizer, thresholds))]),
        ];
    }

    private StudySpecification Study(EvaluationRequest request) => documents.SpecificationOfAsync(request.Study).GetAwaiter().GetResult();
}
