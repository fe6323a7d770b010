namespace SlungOrleans.Training.Tests.TrainingLoop;

public sealed class ResumeVerificationTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<long, double> _losses = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_OfFinishedRun_ReplaysTheLastStepsToTheSameBits()
    {
        TrainingResult result = Train();
        IReadOnlyList<string> files = _folder.Files();
        var replayed = new List<long>();

        ResumeCertificate certificate = ResumeVerification.Verify(TestRun.Request(_folder.Store, 0) with { OnStep = step => replayed.Add(step.Step) }, _losses, default);

        Assert.Equal([10, 11, 12], replayed);
        Assert.Equal(
            new ResumeCertificate(
                ResumeVerdict.Identical, 9, 12, result.WeightsHash, result.WeightsHash, result.LossHistoryHash, result.LossHistoryHash, null, "Steps 10 to 12 were replayed and came to the same bits."),
            certificate);
        Assert.Equal(files, _folder.Files());
    }

    /// <summary>The run was trained with another library, say: its checkpoints are whole, but do not follow from one another.</summary>
    [Fact]
    public async Task Verify_OfRunThatWentAnotherWay_SaysWhatDiffers()
    {
        Train();
        using var model = new BigramModel(TestRun.Model);
        CheckpointManifest last = (await new CheckpointStore(_folder.Store, TestRun.Folder).LoadLatestAsync(model)).Manifest!;
        float[] bias = new float[8];
        model.Read("bigram.bias", TensorKind.Weight, bias);
        bias[3] = MathF.BitIncrement(bias[3]);
        model.Write("bigram.bias", TensorKind.Weight, bias);
        var info = new CheckpointInfo { Step = 12, SequencesConsumed = last.SequencesConsumed, Seed = last.Seed, Settings = last.Settings, Loss = last.Loss, LossHistoryHash = last.LossHistoryHash };
        await new CheckpointStore(_folder.Store, TestRun.Folder).CommitAsync(model, info, epoch: 1);
        _losses[11] += 1e-9;

        ResumeCertificate certificate = ResumeVerification.Verify(TestRun.Request(_folder.Store, 0), _losses, default);

        Assert.Equal((ResumeVerdict.Different, 11L), (certificate.Verdict, certificate.FirstDifferentStep));
        Assert.Equal("Steps 10 to 12 were replayed and differ in the loss from step 11 on, the weights.", certificate.Message);
    }

    [Fact]
    public void Verify_OfRunOfOneCheckpoint_ReplaysFromTheInitialWeights()
    {
        TestRun.Request(_folder.Store, 1, steps: 3).Train();
        ResumeCertificate certificate = ResumeVerification.Verify(TestRun.Request(_folder.Store, 0, steps: 3), _losses, default);
        Assert.Equal((ResumeVerdict.Identical, 0L, 3L), (certificate.Verdict, certificate.FromStep, certificate.ToStep));
    }

    [Fact]
    public void Verify_WithoutACheckpointBefore_IsNotVerified()
    {
        Assert.Equal("The run has no checkpoint.", ResumeVerification.Verify(TestRun.Request(_folder.Store, 0), _losses, default).Message);
        Train();
        File.Delete(Path.Combine(_folder.Path, _folder.Files("weights-*").First(file => file.Contains("000000009-", StringComparison.Ordinal))));
        ResumeCertificate certificate = ResumeVerification.Verify(TestRun.Request(_folder.Store, 0), _losses, default);
        Assert.Equal(ResumeVerdict.NotVerified, certificate.Verdict);
        Assert.Equal("No checkpoint before that of step 12 is kept and whole, so there is nothing to replay from.", certificate.Message);
    }

    private TrainingResult Train() => (TestRun.Request(_folder.Store, 1) with { OnStep = step => _losses[step.Step] = step.Loss }).Train();
}
