namespace SlungOrleans.Training.Tests.TrainingLoop;

/// <summary>Runs whose first weights and moments come from a model folder.</summary>
public sealed class TrainingStartTests : IDisposable
{
    private const int Before = 5;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The loop's own run of a step, done by hand on the model that the folder was written from.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_FromFolder_GoesOnFromItsWeightsAndMoments(bool moments)
    {
        using ITrainableModel model = Written(moments ? Before : null);
        TrainingRequest request = Request(_folder, epoch: 1, Start(moments));
        var losses = new List<double>();
        (request with { Settings = request.Settings with { Steps = 1 }, OnStep = step => losses.Add(step.Loss) }).Train();

        if (!moments)
        {
            foreach (ParameterDescription parameter in model.Parameters)
            {
                float[] zeros = new float[parameter.Length];
                model.Write(parameter.Name, TensorKind.FirstMoment, zeros);
                model.Write(parameter.Name, TensorKind.SecondMoment, zeros);
            }
        }

        int[] order = new int[request.Settings.BatchSize];
        new DataOrder(request.Seed, request.Data.Count).ReadBatch(1, order);
        (int[] tokens, byte[] labels) = Sequences(request.Data, order);
        double loss = model.ComputeGradients(new TokenBatch(order.Length, request.Data.SequenceLength, tokens, labels), request.Routing).Total;
        model.ClipGradients(request.Settings.ClipNorm);
        model.Update(request.Settings.AdamW, request.Settings.LearningRateAt(1), moments ? Before + 1 : 1);

        Assert.Equal([loss], losses);
        using ITrainableModel trained = new ManagedEngine().Create(request.Model, threads: 1);
        Assert.NotNull((await new CheckpointStore(_folder.Store, TestRun.Folder).LoadLatestAsync(trained)).Manifest);
        foreach (TensorKind kind in (TensorKind[])[TensorKind.Weight, TensorKind.FirstMoment, TensorKind.SecondMoment])
        {
            Assert.Equal(Managed.Samples.ReadAll(model, kind), Managed.Samples.ReadAll(trained, kind));
        }
    }

    [Fact]
    public void Run_FromFolderStoppedAtAnyStep_IsTheUninterruptedRun()
    {
        Written(Before).Dispose();
        TrainingResult expected;
        using (var folder = new TestFolder())
        {
            expected = Request(folder, 1, Start(moments: true)).Train();
        }

        foreach (int stopAt in (int[])[1, 3, 4])
        {
            using var folder = new TestFolder();
            using var stop = new CancellationTokenSource();
            (Request(folder, 1, Start(moments: true)) with
            {
                OnStep = step =>
                {
                    if (step.Step == stopAt)
                    {
                        stop.Cancel();
                    }
                },
            }).Train(stop.Token);

            Assert.Equal(expected with { ResumedFrom = stopAt }, Request(folder, 2, Start(moments: true)).Train());
        }
    }

    [Fact]
    public void Run_FromAnotherFolderThanItsCheckpoint_IsRefused()
    {
        Written(Before).Dispose();
        Request(_folder, 1, Start(moments: true)).Train();

        CheckpointMismatchException failure = Assert.Throws<CheckpointMismatchException>(
            () => Request(_folder, 2, Start(moments: true) with { Name = "another" }).Train());

        Assert.Contains("start.name was written and is another", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfRunFromFolder_IsIdentical()
    {
        Written(Before).Dispose();
        TrainingRequest request = Request(_folder, 1, Start(moments: true));
        (request with { Settings = request.Settings with { Steps = 4 } }).Train();

        ResumeCertificate certificate = ResumeVerification.Verify(
            request with { Settings = request.Settings with { Steps = 4 } }, new Dictionary<long, double>(), CancellationToken.None);

        Assert.Equal((ResumeVerdict.Identical, 0), (certificate.Verdict, certificate.FromStep));
    }

    /// <summary>An embedding that does not decay ends where one ends that has no decay at all, if its gradient is the same: in the first step.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_WithoutDecayOfEmbeddings_LeavesThemOnly(bool tied)
    {
        ModelDescription description = Managed.Samples.Description(vocabulary: 700, tied: tied);
        var all = new AdamWSettings { WeightDecay = 0.5 };
        Dictionary<string, float[]> decayed = After(all), spared = After(all with { DecayEmbeddings = false }), none = After(all with { WeightDecay = 0 });

        foreach (string name in decayed.Keys)
        {
            Assert.Equal(name == "model.embed_tokens.weight" ? none[name] : decayed[name], spared[name]);
        }

        Assert.NotEqual(none["model.embed_tokens.weight"], decayed["model.embed_tokens.weight"]);

        Dictionary<string, float[]> After(AdamWSettings settings)
        {
            using ITrainableModel model = Managed.Samples.Model(description);
            model.ComputeGradients(Managed.Samples.Batch(description, 2, 9), LossRouting.CrossEntropyEverywhere);
            model.Update(settings, 0.1, 1);
            return model.Parameters.ToDictionary(parameter => parameter.Name, parameter => Managed.Samples.Read(model, parameter.Name, TensorKind.Weight));
        }
    }

    private string Folder => Path.Combine(_folder.Path, "model");

    private static TrainingRequest Request(TestFolder folder, long epoch, TrainingStart start)
    {
        TrainingRequest request = TestRun.Request(folder.Store, epoch, steps: 6);
        return request with
        {
            Engine = new ManagedEngine(),
            Model = request.Model with { VocabularySize = 40, HiddenSize = 16, Layers = 2, Heads = 2, FeedForwardSize = 24, MaximumSequenceLength = 12 },
            Data = TestRun.RandomSequences(10, 12, 40),
            Settings = request.Settings with { CheckpointEvery = 4, LearningRate = 1e-2, WarmUpSteps = 0, Schedule = ScheduleKind.Constant },
            Start = start,
        };
    }

    private TrainingStart Start(bool moments) => new(
        "written",
        model =>
        {
            var folder = HuggingFaceFolder.Open(Folder);
            folder.LoadWeights(model);
            if (moments)
            {
                folder.LoadMoments(model);
            }
        },
        moments ? HuggingFaceFolder.Open(Folder).MomentSteps!.Value : 0);

    /// <summary>A model that has been trained a little, and the folder with it.</summary>
    private ITrainableModel Written(long? momentSteps)
    {
        ModelDescription description = Request(_folder, 0, new TrainingStart("", _ => { })).Model;
        ITrainableModel model = Managed.Samples.Model(description);
        for (int step = 1; step <= Before; step++)
        {
            model.ComputeGradients(Managed.Samples.Batch(description, 3, 12, (ulong)step), LossRouting.CrossEntropyEverywhere);
            model.Update(new AdamWSettings(), 1e-2, step);
        }

        new HuggingFaceExport { MomentSteps = momentSteps }.Write(model, Folder);
        return model;
    }

    private static (int[] Tokens, byte[] Labels) Sequences(ITokenSequences data, int[] order)
    {
        int[] tokens = new int[order.Length * data.SequenceLength];
        byte[] labels = new byte[tokens.Length];
        for (int row = 0; row < order.Length; row++)
        {
            Range range = (row * data.SequenceLength)..((row + 1) * data.SequenceLength);
            data.Read(order[row], tokens.AsSpan(range), labels.AsSpan(range));
        }

        return (tokens, labels);
    }
}
