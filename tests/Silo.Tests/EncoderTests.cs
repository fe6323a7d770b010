using Microsoft.Extensions.Options;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

/// <summary>Whichever encodes, a study comes to the same bits.</summary>
public sealed class EncoderTests
{
    private const string Yaml = """
        name: encoded
        corpora:
          - { name: base, synthetic: { part: base, documents: 200 } }
          - { name: pool, synthetic: { part: high-risk, documents: 200 } }
          - { name: prompts, synthetic: { part: prompts, documents: 20 } }
          - { name: lexicon, synthetic: { part: lexicon, documents: 80 } }
        data: { base: [base], highRisk: [pool], sequences: 64, heldOutShare: 0.1 }
        tokenizer: { vocabularySize: 320 }
        arms: [masked]
        seeds: [0]
        amounts: [0.3]
        model: { hiddenSize: 16, layers: 1, heads: 2, feedForwardSize: 32, sequenceLength: 64 }
        training: { steps: 6, batchSize: 4, learningRate: 0.01, warmUpSteps: 0, checkpointEvery: 6 }
        evaluation: { scorer: { kind: lexicon, corpora: [lexicon] }, prompts: [prompts], promptsPerKind: 2, continuations: 2, newTokens: 4, perplexitySequences: 2 }
        """;

    [MicrosoftEncoderFact]
    public async Task Study_EncodedByEither_HasTheSameDataWeightsAndScores()
    {
        var own = await RunAsync(LabOptions.OwnEncoder);

        Assert.Equal(own, await RunAsync(LabOptions.MicrosoftEncoder));
    }

    [Theory]
    [InlineData("other", "Lab:Encoder is 'other'; expected own or microsoft.")]
    [InlineData(LabOptions.MicrosoftEncoder, LabOptions.HasMicrosoftEncoder ? null : "Lab:Encoder is 'microsoft', which needs a build with -p:UseMicrosoftTokenizers=true.")]
    [InlineData(LabOptions.OwnEncoder, null)]
    public void Validate_Encoder_IsOneThatTheBuildHas(string encoder, string? fault) =>
        Assert.Equal(fault, new LabOptionsValidator(isCluster: false).Validate(null, new LabOptions { Encoder = encoder }).Failures?.Single());

    private static async Task<(string Data, string Weights, string Scores)> RunAsync(string encoder)
    {
        await using var lab = await Lab.StartAsync(devices: 1);
        lab.Get<IOptions<LabOptions>>().Value.Encoder = encoder;
        await lab.RunAsync(Yaml);
        var study = await lab.StudyAsync("encoded");
        var run = await lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(Assert.Single(study.Runs).Id).GetAsync();
        var scores = new List<string>();
        foreach (var suite in new[] { SuiteNames.Generation, SuiteNames.Perplexity })
        {
            var id = Identifiers.ForEvaluation(run.Id, suite, study.Specification!.Training);
            var evaluation = await lab.Get<IGrainFactory>().GetGrain<IEvaluationGrain>(id).GetAsync();
            scores.AddRange(evaluation.Work.Numbers.OrderBy(number => number.Key, StringComparer.Ordinal).Select(number => $"{suite} {number.Key} {number.Value:R}"));
        }

        Assert.NotEmpty(scores);
        return (run.Specification!.Dataset, run.Training.Artefact, string.Join('\n', scores));
    }

    private sealed class MicrosoftEncoderFactAttribute : FactAttribute
    {
        public MicrosoftEncoderFactAttribute() => Skip = LabOptions.HasMicrosoftEncoder ? null : "needs a build with -p:UseMicrosoftTokenizers=true";
    }
}
