using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Tests.Studies;

/// <summary>What studies of seconds are trained and evaluated on.</summary>
public sealed class PreparedDataTests(TwoStudies lab) : IClassFixture<TwoStudies>
{
    [Fact]
    public async Task Train_AttentionWithinDocuments_IsNotWhatItIsAcrossThem()
    {
        var across = await RunOfAsync(TwoStudies.Across);
        var within = await RunOfAsync(TwoStudies.Within);

        Assert.NotEqual(across.Training.Artefact, within.Training.Artefact);
    }

    [Fact]
    public async Task Prepare_AttentionWithinDocuments_LabelsEveryEndOfText()
    {
        var specification = (await RunOfAsync(TwoStudies.Within)).Specification!;
        var endOfText = lab.Lab.Get<Datasets>().LoadTokenizer(specification.Tokenizer).EndOfText;
        var data = lab.Lab.Get<Datasets>().Load(specification.Dataset);
        var (tokens, labels) = (new int[data.SequenceLength], new byte[data.SequenceLength]);
        var ends = 0;
        for (var sequence = 0; sequence < data.Count; sequence++)
        {
            data.Read(sequence, tokens, labels);
            Assert.Equal(tokens.Select(token => token == endOfText), labels.Select(label => label == (byte)RiskLabel.EndOfText));
            ends += labels.Count(label => label == (byte)RiskLabel.EndOfText);
        }

        Assert.True(ends > 0);
    }

    [Theory]
    [InlineData(TwoStudies.Across, "true")]
    [InlineData(TwoStudies.Within, "false")]
    public async Task Evaluate_Perplexity_PacksDocumentsAsTrainingDid(string study, string packed)
    {
        var run = await RunOfAsync(study);
        var evaluation = Identifiers.ForEvaluation(run.Id, SuiteNames.Perplexity, run.Specification!.Training);

        var result = SuiteJson.Read(await lab.Lab.Get<IBlobStore>().ReadAllTextAsync(ArtefactNames.Evaluation(evaluation)));

        Assert.Equal(packed, result.Provenance["packed"]);
        Assert.True(result.Metrics["perplexity/clean"] > 1);
    }

    [Fact]
    public async Task Evaluate_LastCheckpointDamaged_RefusesAnEarlierOne()
    {
        var view = await lab.Lab.StudyAsync(TwoStudies.Across);
        var run = view.Runs[^1].Id;
        var evaluation = Identifiers.ForEvaluation(run, SuiteNames.Perplexity, view.Specification!.Training);
        var work = lab.Lab.Get<IEnumerable<IWork>>().OfType<EvaluateWork>().Single();
        var context = new WorkContext(new DeviceLease(new WorkTicket(WorkKind.Evaluate, evaluation), "test", "cpu:0"), epoch: 1, threads: 1, CancellationToken.None);
        Assert.Equal("4", SuiteJson.Read(await lab.Lab.Get<IBlobStore>().ReadAllTextAsync(ArtefactNames.Evaluation(evaluation))).Provenance["step"]);
        var store = lab.Lab.Get<IBlobStore>();
        var checkpoints = await new CheckpointStore(store, ArtefactNames.Checkpoints(run)).ListAsync();
        Assert.Equal([4, 2], checkpoints.Select(checkpoint => checkpoint.Step));
        var damaged = (await store.ListAsync(ArtefactNames.Checkpoints(run), CancellationToken.None).ToListAsync()).Single(blob => blob.Name.EndsWith(checkpoints[0].Weights.Name, StringComparison.Ordinal));
        await store.WriteBytesAsync(damaged.Name, new byte[damaged.Length], WriteCondition.None);

        var refusal = Assert.Throws<LabException>(() => work.Run(context));

        Assert.Equal(
            $"Run '{run}' has no whole checkpoint of step 4: the last that is whole is of step 2, and what a shorter training came to cannot stand for it.", refusal.Message);
    }

    private async Task<RunView> RunOfAsync(string study) =>
        await lab.Lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>((await lab.Lab.StudyAsync(study)).Runs[0].Id).GetAsync();
}

/// <summary>A lab with two studies that differ in nothing but whether attention reaches across documents.</summary>
public sealed class TwoStudies : IAsyncLifetime
{
    public const string Across = "across";
    public const string Within = "within";

    internal Lab Lab { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Lab = await Lab.StartAsync(devices: 1);
        await Lab.RunAsync(Yaml(Across, "true"));
        await Lab.RunAsync(Yaml(Within, "false"));
    }

    public async Task DisposeAsync() => await Lab.DisposeAsync();

    private static string Yaml(string name, string acrossDocuments) => $$"""
        name: {{name}}
        corpora:
          - { name: base, synthetic: { part: base, documents: 120 } }
          - { name: pool, synthetic: { part: high-risk, documents: 120 } }
        data: { base: [base], highRisk: [pool], sequences: 24, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 320 }
        arms: [full, masked]
        seeds: [0]
        amounts: [0.5]
        model: { hiddenSize: 16, layers: 1, heads: 2, feedForwardSize: 32, sequenceLength: 64 }
        training: { steps: 4, batchSize: 4, learningRate: 0.01, warmUpSteps: 2, checkpointEvery: 2, attendAcrossDocuments: {{acrossDocuments}} }
        evaluation: { perplexitySequences: 2, newTokens: 4 }
        """;
}
