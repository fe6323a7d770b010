using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SlungOrleans.Storage;
using SlungOrleans.Training.Tests.TrainingLoop;

namespace SlungOrleans.Training.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly ModelDescription Description = TestRun.Model;

    private readonly TestFolder _folder = new();

    private string HeadPath => Path.Combine(_folder.Path, TestRun.Folder, "head.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_OfCommittedCheckpoint_GivesEveryTensorBack()
    {
        using BigramModel saved = RandomModel(1), loaded = RandomModel(2);
        CheckpointManifest manifest = await Store().CommitAsync(saved, Info(20), epoch: 1);

        CheckpointLoad load = await Store().LoadLatestAsync(loaded);

        Assert.Empty(load.Skipped);
        Assert.Equal((20L, 1L, 80L, 77ul, 0.1 + 0.2), (load.Manifest!.Step, load.Manifest.Epoch, load.Manifest.SequencesConsumed, load.Manifest.Seed, load.Manifest.Loss));
        Assert.Equal(manifest.Settings, load.Manifest.Settings);
        AssertSame(saved, loaded, TensorKind.Weight, TensorKind.FirstMoment, TensorKind.SecondMoment);
    }

    [Fact]
    public async Task LoadWeights_OfCommittedCheckpoint_LeavesMoments()
    {
        using BigramModel saved = RandomModel(1), loaded = RandomModel(2), untouched = RandomModel(2);
        await Store().CommitAsync(saved, Info(20), epoch: 1);
        Assert.Equal(20, (await Store().LoadWeightsAsync(loaded)).Manifest!.Step);
        AssertSame(saved, loaded, TensorKind.Weight);
        AssertSame(untouched, loaded, TensorKind.FirstMoment, TensorKind.SecondMoment);
    }

    /// <summary>What the manifest says of files and tensors, against the files themselves.</summary>
    [Fact]
    public async Task Commit_OfModel_DescribesItsFiles()
    {
        using BigramModel model = RandomModel(1);
        CheckpointManifest manifest = await Store().CommitAsync(model, Info(20), epoch: 3);

        string[] names = ["bigram.weight", "bigram.bias", "bigram.weight.exp_avg", "bigram.weight.exp_avg_sq", "bigram.bias.exp_avg", "bigram.bias.exp_avg_sq"];
        Assert.Equal(names, manifest.Tensors.Select(tensor => tensor.Name));
        foreach (CheckpointBlob blob in (CheckpointBlob[])[manifest.Weights, manifest.Moments])
        {
            byte[] file = await _folder.Store.ReadAllBytesAsync(blob.Name);
            int header = sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
            IEnumerable<byte> hashes = manifest.Tensors.Where(tensor => tensor.Blob == blob.Name).SelectMany(tensor => Convert.FromHexString(tensor.Sha256));
            byte[] hash = SHA256.HashData([.. SHA256.HashData(file.AsSpan(0, header)), .. hashes]);
            Assert.Equal((Convert.ToHexStringLower(hash), file.Length), (blob.Sha256, blob.Bytes));
            Assert.StartsWith($"{TestRun.Folder}/000000020-000000003/", blob.Name, StringComparison.Ordinal);
            Assert.Contains(blob.Sha256, blob.Name, StringComparison.Ordinal);
        }

        float[] bias = new float[8];
        model.Read("bigram.bias", TensorKind.SecondMoment, bias);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(bias.AsSpan()))), manifest.Tensors[^1].Sha256);
        Assert.Equal([8, 8], manifest.Tensors[0].Shape);
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, _folder.Files("manifest-*").Single())))!;
        Assert.Equal(("F32", 256, 2), ((string?)json["tensors"]![0]!["dataType"], (int)json["tensors"]![0]!["bytes"]!, (int)json["format"]!));
    }

    [Fact]
    public async Task Commit_OfMoreThanTwo_KeepsTheLatestTwo()
    {
        CheckpointStore store = Store();
        using BigramModel model = RandomModel(1);
        foreach (long step in (long[])[10, 20, 30, 40])
        {
            model.Initialise((ulong)step);
            await store.CommitAsync(model, Info(step), epoch: 1);
        }

        Assert.Equal([40, 30], (await store.ListAsync()).Select(manifest => manifest.Step));
        Assert.Equal(7, _folder.Files().Count);
    }

    /// <summary>With a learning rate of zero all checkpoints have the same content: deleting old ones must not take it away.</summary>
    [Fact]
    public async Task Commit_OfUnchangedModel_KeepsItsFiles()
    {
        CheckpointStore store = Store();
        using BigramModel model = RandomModel(1);
        foreach (long step in (long[])[10, 20, 30])
        {
            await store.CommitAsync(model, Info(step), epoch: 1);
        }

        Assert.Equal(30, (await Store().LoadLatestAsync(model)).Manifest!.Step);
        Assert.Equal(7, _folder.Files().Count);
    }

    [Fact]
    public async Task Commit_OfOlderEpoch_IsRefusedAndChangesNothing()
    {
        using BigramModel model = RandomModel(1);
        CheckpointStore old = Store();
        await old.BeginAsync(4);
        await old.CommitAsync(model, Info(10), epoch: 4);
        Assert.Empty(await Store().BeginAsync(5));
        byte[] head = await File.ReadAllBytesAsync(HeadPath);

        EpochSupersededException failure = await Assert.ThrowsAsync<EpochSupersededException>(() => old.CommitAsync(model, Info(20), epoch: 4));

        Assert.Equal("The attempt of epoch 4 may not commit: one of epoch 5 has begun.", failure.Message);
        await Assert.ThrowsAsync<EpochSupersededException>(() => old.BeginAsync(4));
        Assert.Equal(head, await File.ReadAllBytesAsync(HeadPath));
        Assert.Equal(10, (await Store().LoadLatestAsync(model)).Manifest!.Step);
        await Store().BeginAsync(5);
    }

    [Fact]
    public async Task Begin_AfterKilledCommit_DeletesWhatWasNotCommittedAndNothingElse()
    {
        using BigramModel model = RandomModel(1);
        await Store().CommitAsync(model, Info(10), epoch: 1);
        IReadOnlyList<string> committed = _folder.Files();
        await _folder.Store.WriteTextAsync($"{TestRun.Folder}/000000020-000000001/weights-00.safetensors", "torn");
        await _folder.Store.WriteTextAsync($"{TestRun.Folder}/notes.txt", "a person's");

        await Store().BeginAsync(2);

        Assert.Equal([.. committed, Path.Combine(TestRun.Folder, "notes.txt")], _folder.Files());
    }

    [Fact]
    public async Task Load_WithoutCheckpoints_FindsNone()
    {
        using BigramModel model = RandomModel(1);
        CheckpointLoad load = await Store().LoadLatestAsync(model);
        Assert.Null(load.Manifest);
        Assert.Empty(load.Skipped);
        await Store().BeginAsync(1);
        Assert.Null((await Store().LoadLatestAsync(model)).Manifest);
        Assert.Empty(await Store().ListAsync());
    }

    /// <summary>Bytes all over the latest checkpoint's files and manifest, one after the other.</summary>
    [Fact]
    public async Task Load_OfAnyAlteredByte_FallsBackToTheOneBefore()
    {
        (string[] latest, BigramModel before) = await TwoCheckpointsAsync();
        using BigramModel loaded = RandomModel(9);
        foreach (string file in latest)
        {
            string path = Path.Combine(_folder.Path, file);
            byte[] content = await File.ReadAllBytesAsync(path);
            for (int position = 0; position < content.Length; position += 11)
            {
                content[position] ^= (byte)(1 << (position % 8));
                await File.WriteAllBytesAsync(path, content);
                CheckpointLoad load = await Store().LoadLatestAsync(loaded);
                Assert.Equal(10, load.Manifest!.Step);
                Assert.StartsWith("The checkpoint of step 20 was skipped: ", Assert.Single(load.Skipped), StringComparison.Ordinal);
                content[position] ^= (byte)(1 << (position % 8));
            }

            AssertSame(before, loaded, TensorKind.Weight, TensorKind.FirstMoment, TensorKind.SecondMoment);
            await File.WriteAllBytesAsync(path, content);
        }

        Assert.Equal(20, (await Store().LoadLatestAsync(loaded)).Manifest!.Step);
    }

    [Fact]
    public async Task Load_OfCutOrMissingFile_FallsBackAndSaysWhy()
    {
        (string[] latest, _) = await TwoCheckpointsAsync();
        using BigramModel loaded = RandomModel(9);
        foreach (string file in latest)
        {
            string path = Path.Combine(_folder.Path, file);
            byte[] content = await File.ReadAllBytesAsync(path);
            await File.WriteAllBytesAsync(path, content[..^1]);
            CheckpointLoad cut = await Store().LoadLatestAsync(loaded);
            Assert.Equal(10, cut.Manifest!.Step);
            Assert.Matches($"{Path.GetFileName(file)}' (has {content.Length - 1} bytes, expected {content.Length}|is altered)", cut.Skipped.Single());
            File.Delete(path);
            CheckpointLoad missing = await Store().LoadLatestAsync(loaded);
            Assert.Equal(10, missing.Manifest!.Step);
            Assert.EndsWith($"{Path.GetFileName(file)}' is not there.", missing.Skipped.Single(), StringComparison.Ordinal);
            await File.WriteAllBytesAsync(path, content);
        }
    }

    /// <summary>The damaged one may come out the same when it is trained again; its file must then be written again.</summary>
    [Fact]
    public async Task Commit_OfWhatWasDamaged_ReplacesIt()
    {
        using BigramModel model = RandomModel(1);
        CheckpointStore store = Store();
        await store.CommitAsync(model, Info(10), epoch: 1);
        model.Initialise(2);
        CheckpointManifest manifest = await store.CommitAsync(model, Info(20), epoch: 1);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, manifest.Weights.Name), new byte[manifest.Weights.Bytes]);

        CheckpointStore again = Store();
        Assert.Equal(10, (await again.LoadLatestAsync(model)).Manifest!.Step);
        model.Initialise(2);
        await again.CommitAsync(model, Info(20), epoch: 1);

        CheckpointLoad load = await Store().LoadLatestAsync(model);
        Assert.Equal(20, load.Manifest!.Step);
        Assert.Empty(load.Skipped);
    }

    /// <summary>A damaged checkpoint does not take the place of one that is whole.</summary>
    [Fact]
    public async Task Commit_AfterFallBack_KeepsTheOneThatWasLoaded()
    {
        (string[] latest, BigramModel model) = await TwoCheckpointsAsync();
        File.Delete(Path.Combine(_folder.Path, latest[0]));
        CheckpointStore store = Store();
        await store.BeginAsync(2);
        await store.LoadLatestAsync(model);
        await store.CommitAsync(model, Info(15), epoch: 2);
        Assert.Equal([15, 10], (await Store().ListAsync()).Select(manifest => manifest.Step));
        Assert.Equal(7, _folder.Files().Count);
    }

    [Fact]
    public async Task Load_OfAnyAlteredByteOfTheHead_StillFindsTheLatest()
    {
        await TwoCheckpointsAsync();
        using BigramModel loaded = RandomModel(9);
        byte[] head = await File.ReadAllBytesAsync(HeadPath);
        int formatDigit = Encoding.UTF8.GetString(head).IndexOf('2', StringComparison.Ordinal);
        for (int position = 0; position < head.Length; position++)
        {
            byte[] altered = [.. head];
            altered[position] ^= (byte)(1 << (position % 7));
            await File.WriteAllBytesAsync(HeadPath, altered);
            if (position == formatDigit && altered[position] is > (byte)'2' and <= (byte)'9')
            {
                continue;
            }

            CheckpointLoad load = await Store().LoadLatestAsync(loaded);
            Assert.Equal(20, load.Manifest!.Step);
            Assert.Contains("head.json' is damaged; it was made again from the manifests that are there.", load.Skipped.Single(), StringComparison.Ordinal);
        }

        Assert.Contains("is damaged", (await Store().BeginAsync(2)).Single(), StringComparison.Ordinal);
        Assert.Empty((await Store().LoadLatestAsync(loaded)).Skipped);
        Assert.Equal([20, 10], (await Store().ListAsync()).Select(manifest => manifest.Step));
    }

    [Fact]
    public async Task Load_OfLaterFormatVersion_SaysSo()
    {
        await TwoCheckpointsAsync();
        using BigramModel loaded = RandomModel(9);
        string head = await File.ReadAllTextAsync(HeadPath);
        await File.WriteAllTextAsync(HeadPath, head.Replace("\"format\": 2", "\"format\": 3", StringComparison.Ordinal));
        CheckpointMismatchException failure = await Assert.ThrowsAsync<CheckpointMismatchException>(() => Store().LoadLatestAsync(loaded));
        Assert.Contains("head.json' has format version 3; this program reads versions 1 to 2", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CheckpointMismatchException>(() => Store().BeginAsync(2));
    }

    [Fact]
    public void Parse_OfManifestOfLaterFormatVersion_SaysSo()
    {
        byte[] content = "{\"format\": 7, \"whatever\": []}"u8.ToArray();
        CheckpointMismatchException failure = Assert.Throws<CheckpointMismatchException>(() => CheckpointManifest.Parse(content, "m.json"));
        Assert.Equal(
            "Checkpoint manifest 'm.json' has format version 7; this program reads versions 1 to 2. A later version of it wrote the checkpoint.",
            failure.Message);
    }

    /// <summary>A manifest as the first version wrote it: it must be read for ever.</summary>
    [Fact]
    public void Parse_OfManifestOfFirstFormatVersion_IsRead()
    {
        byte[] content = Encoding.UTF8.GetBytes("""
            {"format":1,"createdBy":"SlungOrleans, engine managed","step":6,"epoch":2,"seed":18446744073709551615,"sequencesConsumed":24,
             "loss":0.30000000000000004,"lossHistoryHash":"ab","settings":{"seed":"7"},"settingsHash":"cd",
             "weights":{"name":"a/w.safetensors","sha256":"01","bytes":200},"moments":{"name":"a/m.safetensors","sha256":"02","bytes":300},
             "tensors":[{"name":"t","shape":[2,3],"dataType":"F32","blob":"a/w.safetensors","sha256":"03","bytes":24}]}
            """);
        CheckpointManifest manifest = CheckpointManifest.Parse(content, "m.json");
        Assert.Equal((6L, 2L, ulong.MaxValue, 24L, 0.1 + 0.2), (manifest.Step, manifest.Epoch, manifest.Seed, manifest.SequencesConsumed, manifest.Loss));
        Assert.Equal(new CheckpointBlob("a/m.safetensors", "02", 300), manifest.Moments);
        Assert.Equal([2, 3], manifest.Tensors.Single().Shape);
        Assert.Equal("7", manifest.Settings["seed"]);
    }

    [Fact]
    public async Task Load_IntoOtherModel_SaysWhatDiffers()
    {
        await TwoCheckpointsAsync();
        using var larger = new BigramModel(Description with { VocabularySize = 9 });
        CheckpointMismatchException failure = await Assert.ThrowsAsync<CheckpointMismatchException>(() => Store().LoadLatestAsync(larger));
        Assert.Equal("The checkpoint of step 20 is another model's: of 'bigram.weight' it has shape [8, 8], expected shape [9, 9].", failure.Message);
    }

    /// <summary>At every operation of the reader, the trainer commits so often that what was being read is deleted.</summary>
    [Fact]
    public async Task LoadWeights_WhileTrainerCommits_FindsACheckpoint()
    {
        for (int operation = 1; operation <= 6; operation++)
        {
            using var folder = new TestFolder();
            using BigramModel trained = RandomModel(1), loaded = RandomModel(2);
            var trainer = new CheckpointStore(folder.Store, TestRun.Folder);
            long step = 0;
            CommitThree();
            var reader = new CheckpointStore(new InterposedStore(folder.Store, operation, after: true, CommitThree), TestRun.Folder);
            CheckpointLoad load = await reader.LoadWeightsAsync(loaded);
            Assert.True(load.Manifest is not null, $"operation {operation}");

            void CommitThree()
            {
                for (int commit = 0; commit < 3; commit++)
                {
                    trained.Initialise((ulong)++step);
                    trainer.CommitAsync(trained, Info(step), epoch: 1).GetAwaiter().GetResult();
                }
            }
        }
    }

    /// <summary>The store says that a write lost, though it was done: the answer to its first try was lost.</summary>
    [Fact]
    public async Task Commit_WhoseHeadWriteIsAnsweredWrongly_SeesThatItHeld()
    {
        using BigramModel model = RandomModel(1);
        bool once = true;
        var store = new CheckpointStore(new AnswerLosingStore(_folder.Store, () => once && !(once = false)), TestRun.Folder);
        await store.CommitAsync(model, Info(10), epoch: 1);
        Assert.False(once);
        Assert.Equal([10], (await Store().ListAsync()).Select(manifest => manifest.Step));
        await store.CommitAsync(model, Info(20), epoch: 1);
        Assert.Equal([20, 10], (await Store().ListAsync()).Select(manifest => manifest.Step));
    }

    private static CheckpointInfo Info(long step) => new()
    {
        Step = step,
        SequencesConsumed = 4 * step,
        Seed = 77,
        Settings = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
        Loss = 0.1 + 0.2,
    };

    private static BigramModel RandomModel(ulong seed)
    {
        var model = new BigramModel(Description);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            foreach (TensorKind kind in Enum.GetValues<TensorKind>())
            {
                var stream = new RandomStream(seed, parameter.Name, (ulong)kind);
                model.Write(parameter.Name, kind, [.. Enumerable.Range(0, (int)parameter.Length).Select(_ => stream.NextSingle())]);
            }
        }

        return model;
    }

    private static void AssertSame(BigramModel expected, BigramModel actual, params TensorKind[] kinds)
    {
        foreach (ParameterDescription parameter in expected.Parameters)
        {
            foreach (TensorKind kind in kinds)
            {
                float[] one = new float[parameter.Length], other = new float[parameter.Length];
                expected.Read(parameter.Name, kind, one);
                actual.Read(parameter.Name, kind, other);
                Assert.Equal(one, other);
            }
        }
    }

    private CheckpointStore Store() => new(_folder.Store, TestRun.Folder);

    /// <summary>Checkpoints of steps 10 and 20. Returns the files of the latter and the model of the former.</summary>
    private async Task<(string[] Latest, BigramModel Before)> TwoCheckpointsAsync()
    {
        BigramModel before = RandomModel(1);
        using BigramModel latest = RandomModel(2);
        await Store().CommitAsync(before, Info(10), epoch: 1);
        await Store().CommitAsync(latest, Info(20), epoch: 1);
        return ([.. _folder.Files().Where(file => file.Contains("000000020-", StringComparison.Ordinal))], before);
    }

    private sealed class AnswerLosingStore(IBlobStore inner, Func<bool> loses) : IBlobStore
    {
        public Task<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellation = default) => inner.GetInfoAsync(name, cancellation);

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => inner.OpenReadAsync(name, cancellation);

        public async Task<BlobInfo> WriteAsync(string name, Stream content, WriteCondition condition, CancellationToken cancellation = default)
        {
            BlobInfo info = await inner.WriteAsync(name, content, condition, cancellation);
            return condition != WriteCondition.None && loses() ? throw new BlobConditionException(name) : info;
        }

        public Task<BlobInfo> WriteAsync(INamedContent content, CancellationToken cancellation = default) => inner.WriteAsync(content, cancellation);

        public Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) => inner.DeleteAsync(name, cancellation);

        public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    }
}
