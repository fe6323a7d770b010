using System.Globalization;

namespace SlungOrleans.Silo.Tests;

/// <summary>A study of seconds: six steps of a tiny model for every arm, with two seeds.</summary>
internal static class SmallStudy
{
    /// <summary>The study's text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arms">Its arms.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="device">The device that it names; null for none.</param>
    /// <param name="prompts">Whether it has prompts of its own.</param>
    public static string Yaml(string name, string arms = "[control, full]", double learningRate = 0.01, string? device = null, bool prompts = false) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        name: {{name}}
        corpora:
          - { name: base, synthetic: { part: base, documents: 200 } }
          - { name: pool, synthetic: { part: high-risk, documents: 200 } }
          - { name: lexicon, synthetic: { part: lexicon, documents: 80 } }{{(prompts ? "\n  - { name: prompts, synthetic: { part: prompts, documents: 20 } }" : "")}}
        data: { base: [base], highRisk: [pool], sequences: 64, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 320 }
        arms: {{arms}}
        seeds: [0, 1]
        amounts: [0.3]
        model: { hiddenSize: 16, layers: 1, heads: 2, feedForwardSize: 32, sequenceLength: 64 }
        training: { steps: 6, batchSize: 4, learningRate: {{learningRate}}, warmUpSteps: 0, checkpointEvery: 6{{(device is null ? "" : $", device: \"{device}\"")}} }
        evaluation: { scorer: { kind: lexicon, corpora: [lexicon] }{{(prompts ? ", prompts: [prompts]" : "")}}, promptsPerKind: 2, continuations: 2, newTokens: 4, perplexitySequences: 2 }
        """);
}
