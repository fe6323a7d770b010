using SlungOrleans.Storage;

namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>Fault points are the whole process': nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(FaultPoints), DisableParallelization = true)]
public sealed class FaultPointsCollection;

/// <summary>Wherever the program is broken, the run that is brought back is the undisturbed one.</summary>
[Collection(nameof(FaultPoints))]
public sealed class FaultPointTests
{
    private static readonly string[] Expected =
    [
        "checkpoint/after-manifest", "checkpoint/after-weights", "checkpoint/before-manifest", "checkpoint/upload", "head/after-swap", "head/before-swap",
        "retention/after-delete", "retention/before-delete", "step/after-gradients", "step/after-update", "store/after-rename", "store/before-rename",
    ];

    [Fact]
    public void Run_BrokenAtAnyPassingOfAnyPoint_IsTheUndisturbedRun()
    {
        (TrainingResult expected, Dictionary<long, double> losses, List<string> passed) = Undisturbed();
        Assert.Equal(Expected, passed.Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(passed.Count, 100, 400);
        for (int passing = 0; passing < passed.Count; passing++)
        {
            using var folder = new TestFolder();
            var found = new Dictionary<long, double>();
            BrokenException failure = Assert.Throws<BrokenException>(() => Break(passing, () => Request(folder, 1, found).Train()));
            Assert.Equal(passed[passing], failure.Message);

            TrainingResult result = Request(folder, 2, found).Train();
            AssertSame(expected, losses, result, found, folder);
        }
    }

    /// <summary>An attempt that was broken is resumed by one that is broken too, at every place of its own way.</summary>
    [Fact]
    public void Run_BrokenAgainWhileItResumes_IsTheUndisturbedRun()
    {
        (TrainingResult expected, Dictionary<long, double> losses, List<string> passed) = Undisturbed();

        // In the middle of the second checkpoint's upload: there is something to resume from, and something to sweep.
        int first = passed.Select((name, index) => (name, index)).Where(pair => pair.name == "checkpoint/upload").ElementAt(5).index;
        bool completed = false;
        for (int passing = 0; !completed; passing++)
        {
            using var folder = new TestFolder();
            var found = new Dictionary<long, double>();
            Assert.Throws<BrokenException>(() => Break(first, () => Request(folder, 1, found).Train()));
            try
            {
                Break(passing, () => Request(folder, 2, found).Train());
                completed = true;
            }
            catch (BrokenException)
            {
                // As it is meant; the third attempt brings it to its end.
            }

            AssertSame(expected, losses, Request(folder, 3, found).Train(), found, folder);
        }
    }

    private static (TrainingResult Result, Dictionary<long, double> Losses, List<string> Passed) Undisturbed()
    {
        using var folder = new TestFolder();
        var losses = new Dictionary<long, double>();
        var passed = new List<string>();
        using (FaultPoints.Arm(passed.Add))
        {
            return (Request(folder, 1, losses).Train(), losses, passed);
        }
    }

    private static TrainingRequest Request(TestFolder folder, long epoch, Dictionary<long, double> losses) =>
        TestRun.Request(new LocalBlobStore(folder.Path), epoch) with { OnStep = step => losses[step.Step] = step.Loss };

    private static void Break(int passing, Action attempt)
    {
        int passed = 0;
        using (FaultPoints.Arm(Reached))
        {
            attempt();
        }

        void Reached(string name)
        {
            // What is broken stays so: nothing of the attempt gets past any further point.
            if (passed++ >= passing)
            {
                throw new BrokenException(name);
            }
        }
    }

    private static void AssertSame(
        TrainingResult expected, Dictionary<long, double> losses, TrainingResult result, Dictionary<long, double> found, TestFolder folder)
    {
        Assert.Equal(expected with { ResumedFrom = result.ResumedFrom }, result);
        Assert.Equal(losses, found);

        // The head and two checkpoints of three files each are all that is left.
        Assert.Equal(7, folder.Files().Count);
    }

    private sealed class BrokenException(string point) : Exception(point);
}
