namespace SlungOrleans.Silo.Tests.Models;

/// <summary>A lab in a folder of its own, in which a study of seconds has run to its end.</summary>
public sealed class StudyFixture : IAsyncLifetime
{
    public const string Study = "small";

    private Lab _lab = null!;

    internal T Get<T>()
        where T : notnull => _lab.Get<T>();

    public async Task InitializeAsync()
    {
        _lab = await Lab.StartAsync(devices: 2);
        await _lab.RunAsync(Yaml);
    }

    public async Task DisposeAsync() => await _lab.DisposeAsync();

    private const string Yaml = $$"""
        name: {{Study}}
        corpora:
          - { name: base, synthetic: { part: base, documents: 200 } }
          - { name: pool, synthetic: { part: high-risk, documents: 200 } }
          - { name: lexicon, synthetic: { part: lexicon, documents: 80 } }
        data: { base: [base], highRisk: [pool], sequences: 64, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 320 }
        arms: [control, low-risk, full, masked, unlikelihood]
        seeds: [0, 1]
        amounts: [0.3]
        model: { hiddenSize: 16, layers: 1, heads: 2, feedForwardSize: 32, sequenceLength: 64 }
        training: { steps: 6, batchSize: 4, learningRate: 0.01, warmUpSteps: 2, checkpointEvery: 6 }
        evaluation: { scorer: { kind: lexicon, corpora: [lexicon] }, promptsPerKind: 2, continuations: 2, newTokens: 4, perplexitySequences: 2 }
        """;
}
