using SlungOrleans.Cluster.Tests.Machines;
using SlungOrleans.Storage;

namespace SlungOrleans.Cluster.Tests;

/// <summary>The study of these tests, run once to its end by one process of the build without Orleans: what every cluster must come to.</summary>
public sealed class UndisturbedStudy
{
    internal const string Study = "cluster";

    private readonly Lazy<Task<string>> _outcome = new(RunAsync);

    /// <summary>Four runs of some seconds each, a checkpoint every 10 steps.</summary>
    internal static string Yaml => SmallStudy.Yaml(Study, steps: 1500, arms: "[full, masked]");

    internal Task<string> OutcomeAsync => _outcome.Value;

    private static async Task<string> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var study = SiloProcess.BeginAlone("study", "run", folder.Write("study.yaml", Yaml), "--data", folder.Path, "--devices", "2");
        await study.WaitForSuccessAsync(() => "");
        return await StudyOutcome.ReadAsync(new LocalBlobStore(Path.Combine(folder.Path, "blobs")), Study);
    }
}

[CollectionDefinition(nameof(UndisturbedStudy), DisableParallelization = true)]
public sealed class UndisturbedStudyCollection : ICollectionFixture<UndisturbedStudy>;
