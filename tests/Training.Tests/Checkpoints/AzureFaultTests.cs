using SlungOrleans.Storage;
using SlungOrleans.Storage.Tests.Azure;
using SlungOrleans.Training.Tests.TrainingLoop;

namespace SlungOrleans.Training.Tests.Checkpoints;

/// <summary>A run whose checkpoints are in Azure Blob Storage, on a bad way there, is the run on a good way.</summary>
public sealed class AzureFaultTests : IAsyncLifetime
{
    private static readonly AzurePatience Short = new(Retries: 2, FirstDelay: TimeSpan.FromMilliseconds(1), NetworkTimeout: TimeSpan.FromSeconds(20));
    private static readonly Fault[] Kinds =
    [
        new Fault.LoseAnswer(), new Fault.Answer(503, "ServerBusy"), new Fault.CutRequest(100), new Fault.CutAnswer(100), new Fault.Slow(TimeSpan.FromMilliseconds(5)),
    ];

    private readonly TrainingResult _expected = TestRun.Uninterrupted();
    private Azurite? _azurite;

    public async Task InitializeAsync() => _azurite = Azurite.ReasonToSkip is null ? await Azurite.StartAsync() : null;

    public Task DisposeAsync()
    {
        _azurite?.Dispose();
        return Task.CompletedTask;
    }

    [AzureFact]
    public async Task Run_WithAFaultAtAnyRequest_IsTheUndisturbedRunInOneAttempt()
    {
        int requests = int.MaxValue;
        for (int broken = 1; broken <= requests; broken++)
        {
            string container = await ContainerAsync();
            using var proxy = new FaultyProxy(_azurite!.Port, request => request.Number == broken ? Kinds[broken % Kinds.Length] : null);

            TrainingResult result = TestRun.Request(Store(proxy.Port, container), 1).Train();

            Assert.Equal(_expected, result);
            await AssertHasLastCheckpointAsync(container);
            requests = proxy.Requests.Count;
        }

        Assert.InRange(requests, 30, 400);
    }

    [AzureFact]
    public async Task Run_WhoseStoreIsGoneFromAnyRequestOn_GoesOnInTheNextAttempt()
    {
        int broken = 0;
        bool completed = false;
        for (; !completed; broken++)
        {
            string container = await ContainerAsync();
            int from = broken;
            using var proxy = new FaultyProxy(_azurite!.Port, request => request.Number <= from ? null : Kinds[from % 4]);
            try
            {
                TestRun.Request(Store(proxy.Port, container), 1).Train();
                completed = true;
            }
            catch (BlobStoreException)
            {
                // As it is meant: the attempt ends, the next one finds the store well again.
            }

            TrainingResult result = TestRun.Request(Store(_azurite.Port, container), 2).Train();

            Assert.Equal((_expected.WeightsHash, _expected.LossHistoryHash), (result.WeightsHash, result.LossHistoryHash));
            await AssertHasLastCheckpointAsync(container);
        }

        Assert.InRange(broken, 30, 400);
    }

    private async Task AssertHasLastCheckpointAsync(string container)
    {
        IReadOnlyList<CheckpointManifest> manifests = await new CheckpointStore(Store(_azurite!.Port, container), TestRun.Folder).ListAsync();
        Assert.Equal(TestRun.Steps, manifests[0].Step);
        Assert.Equal(_expected.WeightsHash, manifests[0].Weights.Sha256);
    }

    private async Task<string> ContainerAsync()
    {
        string container = Guid.NewGuid().ToString("N");
        await Store(_azurite!.Port, container).CreateContainerIfAbsentAsync();
        return container;
    }

    private static AzureBlobStore Store(int port, string container) => new(Azurite.ConnectionStringTo(port), container, Short);
}
