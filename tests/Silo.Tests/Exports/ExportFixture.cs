namespace SlungOrleans.Silo.Tests.Exports;

/// <summary>One study for all tests of archives.</summary>
[CollectionDefinition(ExportFixture.Name)]
public sealed class ExportTests : ICollectionFixture<ExportFixture>;

/// <summary>A study of seconds that a lab has run to its end and exported, and another lab, in which tests leave nothing behind.</summary>
public sealed class ExportFixture : IAsyncLifetime
{
    public const string Name = "export";
    public const string Study = "small";

    internal Lab Source { get; private set; } = null!;

    internal Lab Other { get; private set; } = null!;

    internal byte[] Archive { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Source = await Lab.StartAsync(devices: 2);
        Other = await Lab.StartAsync();
        await Source.RunAsync(Yaml);
        Archive = await Source.ExportAsync(Study);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await Other.DisposeAsync();
    }

    private const string Yaml = $$"""
        name: {{Study}}
        description: Whether an archive brings all of it along.
        corpora:
          - { name: base, synthetic: { part: base, documents: 200 } }
          - { name: pool, synthetic: { part: high-risk, documents: 200 } }
          - { name: comments, synthetic: { part: recognition, documents: 120 } }
          - { name: prompts, synthetic: { part: prompts, documents: 8 } }
          - { name: lexicon, synthetic: { part: lexicon, documents: 80 } }
        data: { base: [base], highRisk: [pool], sequences: 64, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 320 }
        arms: [low-risk, full, masked]
        seeds: [0, 1, 2]
        amounts: [0.3]
        model: { hiddenSize: 16, layers: 1, heads: 2, feedForwardSize: 32, sequenceLength: 64 }
        training: { steps: 6, batchSize: 4, learningRate: 0.01, warmUpSteps: 2, checkpointEvery: 3 }
        evaluation:
          recognition: [comments]
          probeTrainingExamples: 30
          probeTestExamples: 40
          prompts: [prompts]
          promptsPerKind: 2
          continuations: 2
          newTokens: 4
          scorer: { kind: lexicon, corpora: [lexicon] }
          perplexitySequences: 2
        """;
}
