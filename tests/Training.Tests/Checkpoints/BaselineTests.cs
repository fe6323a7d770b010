using System.Text.Json.Nodes;
using SlungOrleans.Training.Tests.TrainingLoop;

namespace SlungOrleans.Training.Tests.Checkpoints;

/// <summary>
/// A run's checkpoints as the version before the head's format 2 wrote them: <see cref="TestRun"/> by an attempt of epoch 3, stopped after
/// step 7. They must be read for ever.
/// </summary>
public sealed class BaselineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public BaselineTests()
    {
        string baseline = Path.Combine(AppContext.BaseDirectory, "Checkpoints", "Baseline");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(baseline, "runs"), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.Path, Path.GetRelativePath(baseline, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private string HeadPath => Path.Combine(_folder.Path, TestRun.Folder, "head.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_OfFirstFormat_FindsTheLatestWhole()
    {
        using var model = new BigramModel(TestRun.Model);
        CheckpointLoad load = await new CheckpointStore(_folder.Store, TestRun.Folder).LoadLatestAsync(model);
        Assert.Empty(load.Skipped);
        Assert.Equal((7L, 3L, "390ef91c3625ea0efd2c488143754bac6954881915771d17d7d98c84e01be9b5"), (load.Manifest!.Step, load.Manifest.Epoch, load.Manifest.Weights.Sha256));
    }

    [Fact]
    public void Parse_OfFirstFormatsHead_WritesItBackToTheByte()
    {
        byte[] content = File.ReadAllBytes(HeadPath);
        CheckpointHead head = CheckpointHead.Parse(content, "head.json")!;
        Assert.Equal((1, 3L, 2), (head.Format, head.Epoch, head.Checkpoints.Count));
        Assert.Equal(content, head.ToBytes());
    }

    [Fact]
    public async Task Plan_OfFirstFormatsHead_KnowsSizesAndLosses()
    {
        RetentionPlan plan = await new CheckpointStore(_folder.Store, TestRun.Folder).PlanAsync();
        Assert.Equal([(7L, 464L + 928), (6, 464 + 928)], plan.Decisions.Select(decision => (decision.Step, decision.Bytes)));
        string manifest = await File.ReadAllTextAsync(Path.Combine(_folder.Path, _folder.Files("manifest-e315*").Single()));
        Assert.Equal((double)JsonNode.Parse(manifest)!["loss"]!, plan.Decisions[1].Score);
    }

    [Fact]
    public void Verify_OfFirstFormatsCheckpoints_ComparesTheirKindOfHash()
    {
        ResumeCertificate certificate = ResumeVerification.Verify(TestRun.Request(_folder.Store, 4), new Dictionary<long, double>(), default);
        Assert.Equal((ResumeVerdict.Identical, 6L, 7L), (certificate.Verdict, certificate.FromStep, certificate.ToStep));
    }

    [Fact]
    public void Run_OfFirstFormatsCheckpoints_GoesOnFromThem()
    {
        var notices = new List<string>();
        TrainingResult result = (TestRun.Request(_folder.Store, 4) with { OnNotice = notices.Add }).Train();
        Assert.Equal((TrainingEnd.Completed, 12L, 7L), (result.End, result.Step, result.ResumedFrom));
        Assert.Equal(["The run goes on from the checkpoint of step 7."], notices);
        Assert.Contains("\"format\": 2,", File.ReadAllText(HeadPath), StringComparison.Ordinal);
    }
}
