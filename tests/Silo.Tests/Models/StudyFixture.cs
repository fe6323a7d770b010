using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Commands;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests.Models;

/// <summary>A lab in a folder of its own, in which a study of seconds has run to its end.</summary>
public sealed class StudyFixture : IAsyncLifetime
{
    public const string Study = "small";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"slungorleans-models-{Guid.NewGuid():N}");
    private readonly IHost _host;

    public StudyFixture() => _host = LabHost.CreateHeadless(new CommandSettings(_folder, 2));

    internal T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        await _host.StartAsync();
        var reading = Get<IStudyLauncher>().Read(Yaml);
        Assert.Empty(reading.Faults);
        await Get<IStudyLauncher>().LaunchAsync(reading.Specification!);
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var study = Get<IGrainFactory>().GetGrain<IStudyGrain>(Study);
        for (var view = await study.GetAsync(); view.Stage != StudyStage.Completed; view = await study.GetAsync())
        {
            Assert.True(view.Stage is not (StudyStage.Failed or StudyStage.Cancelled), view.Message);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

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
