namespace SlungOrleans.EndToEnd;

/// <summary>A study of seconds: every stage of a real one, too small to show an effect.</summary>
internal static class SmallStudy
{
    public static string Yaml(string name, int steps = 20, string arms = "[low-risk, full, masked]", string seeds = "[0, 1]") => $$"""
        name: {{name}}
        corpora:
          - { name: {{name}}-base, synthetic: { part: base, documents: 300 } }
          - { name: {{name}}-pool, synthetic: { part: high-risk, documents: 300 } }
          - { name: {{name}}-recognition, synthetic: { part: recognition, documents: 200 } }
          - { name: {{name}}-prompts, synthetic: { part: prompts, documents: 20 } }
          - { name: {{name}}-replies, synthetic: { part: replies, documents: 40 } }
          - { name: {{name}}-lexicon, synthetic: { part: lexicon, documents: 80 } }
        data: { base: [{{name}}-base], highRisk: [{{name}}-pool], sequences: 96, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 400 }
        arms: {{arms}}
        seeds: {{seeds}}
        amounts: [0.5]
        model: { hiddenSize: 32, layers: 2, heads: 2, feedForwardSize: 64, sequenceLength: 64 }
        training: { steps: {{steps}}, batchSize: 8, learningRate: 0.003, warmUpSteps: 5, checkpointEvery: 10 }
        evaluation:
          recognition: [{{name}}-recognition]
          probeTrainingExamples: 40
          probeTestExamples: 60
          prompts: [{{name}}-prompts]
          promptsPerKind: 10
          continuations: 3
          newTokens: 8
          scorer: { kind: lexicon, corpora: [{{name}}-lexicon] }
          replies: [{{name}}-replies]
          perplexitySequences: 20
        """;
}
