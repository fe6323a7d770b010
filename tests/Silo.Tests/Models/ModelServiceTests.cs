using System.Text;
using Microsoft.Extensions.Options;
using Orleans;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Models;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Tests.Models;

public sealed class ModelServiceTests(StudyFixture lab) : IClassFixture<StudyFixture>
{
    private static readonly string[] Arms = ["control", "low-risk", "full", "masked", "unlikelihood"];
    private static readonly ModelChoice Choice = new(StudyFixture.Study);

    private IModelService Models => lab.Get<IModelService>();

    [Fact]
    public async Task Tokenise_DocumentOfThePool_TokensAreItsTextAndLabelsItsSpans()
    {
        var document = await FirstHighRiskAsync();

        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, document.Id));

        Assert.Equal(document.Text, string.Concat(text.Tokens.Select(token => token.Text)));
        Assert.Equal(document.Text, Encoding.UTF8.GetString(text.Tokens.SelectMany(token => Convert.FromHexString(token.Bytes)).ToArray()));
        var position = 0;
        foreach (var token in text.Tokens)
        {
            // A space before a span goes with it.
            var word = position + (token.Text.StartsWith(' ') ? 1 : 0);
            var level = document.Spans.FirstOrDefault(span => word >= span.Start && word < span.End)?.Level ?? SpanLevel.Benign;
            Assert.Equal(level, token.Level);
            position += token.Text.Length;
        }
    }

    [Fact]
    public async Task Tokenise_DocumentOfThePool_EveryArmTreatsItsTokensAsThePaperSays()
    {
        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, (await FirstHighRiskAsync()).Id));

        Assert.Equal(Arms, text.Arms.Select(arm => arm.Arm));
        Assert.Contains(text.Tokens, token => token.Level == SpanLevel.HighRisk);
        for (var i = 0; i < text.Tokens.Length; i++)
        {
            var highRisk = text.Tokens[i].Level == SpanLevel.HighRisk;
            Assert.Equal(
                [
                    TokenTreatment.Absent,
                    highRisk ? TokenTreatment.Absent : TokenTreatment.CrossEntropy,
                    TokenTreatment.CrossEntropy,
                    highRisk ? TokenTreatment.None : TokenTreatment.CrossEntropy,
                    highRisk ? TokenTreatment.Unlikelihood : TokenTreatment.CrossEntropy,
                ],
                text.Arms.Select(arm => arm.Treatments[i]));
        }
    }

    [Theory]
    [InlineData(2048, false)]
    [InlineData(2049, true)]
    public async Task Tokenise_LongText_SaysWhetherItIsCut(int characters, bool cut)
    {
        // Not in any corpus of the study, so never merged: a token each.
        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, null, new string('~', characters)));

        Assert.Equal(2048, text.Tokens.Length);
        Assert.Equal(cut, text.Notes.Contains("Only the first 2048 tokens are shown."));
    }

    [Fact]
    public async Task Tokenise_HeldOutDocument_SaysSo()
    {
        var heldOut = lab.Get<StudyDocuments>().ReadHeldOut(ArtefactNames.HeldOutBase(StudyFixture.Study))[0];

        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, heldOut.Id));

        Assert.Contains(text.Notes, note => note.Contains("held out", StringComparison.Ordinal));
        Assert.All(text.Arms.SelectMany(arm => arm.Treatments), treatment => Assert.Equal(TokenTreatment.CrossEntropy, treatment));
    }

    [Fact]
    public async Task Tokenise_OwnMarkedText_IsHighRiskBetweenTheMarks()
    {
        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, null, "melo [[vorpag]] 語"));

        Assert.Equal("melo vorpag 語", string.Concat(text.Tokens.Select(token => token.Text)));
        Assert.Equal(" vorpag", string.Concat(text.Tokens.Where(token => token.Level == SpanLevel.HighRisk).Select(token => token.Text)));
    }

    [Fact]
    public async Task Score_EveryArm_IsWhatItsCheckpointSays()
    {
        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, (await FirstHighRiskAsync()).Id));
        int[] tokens = [.. text.Tokens.Select(token => token.Id).Take(63)];
        var cut = text with { Tokens = text.Tokens[..tokens.Length] };

        var scored = await Models.ScoreAsync(Choice, cut).ToListAsync();

        Assert.Equal(Arms, scored.Select(arm => arm.Model.Arm));
        foreach (var arm in scored)
        {
            Assert.Equal(6, arm.Model.Step);
            using var model = await LoadAsync(arm.Model.Run);
            var expected = model.Score([[Tokenizer.EndOfText, .. tokens]])[0];
            Assert.Equal(expected.Select(score => Math.Exp(score)), arm.Probabilities);
        }
    }

    [Fact]
    public async Task Score_TextLongerThanTheModelsSequences_EveryTokenHasAProbability()
    {
        var long_ = string.Concat(Enumerable.Repeat("melo tarin vosel ", 60));
        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, null, long_));
        Assert.True(text.Tokens.Length > 200);

        var scored = await Models.ScoreAsync(Choice, text).FirstAsync();

        Assert.Equal(text.Tokens.Length, scored.Probabilities.Length);
        Assert.All(scored.Probabilities, probability => Assert.InRange(probability, double.Epsilon, 1));

        // The window that the last token is in, by hand: half a sequence of 64 goes before each new half.
        using var model = await LoadAsync(scored.Model.Run);
        int[] all = [Tokenizer.EndOfText, .. text.Tokens.Select(token => token.Id)];
        var start = (all.Length - 64 + 31) / 32 * 32;
        Assert.Equal(Math.Exp(model.Score([all[start..]])[0][^1]), scored.Probabilities[^1]);
    }

    [Fact]
    public async Task Generate_EveryArm_IsWhatItsModelSamplesFromTheSameStreams()
    {
        var prompt = new PromptRequest { Text = "melo tarin", Samples = 6, NewTokens = 8, TopK = 20, Temperature = 0.8, Seed = 5 };

        var answers = await Models.GenerateAsync(Choice, prompt).ToListAsync();

        Assert.Equal(Arms, answers.Select(answer => answer.Model.Arm));
        var words = new List<int>();
        Tokenizer.Encode(prompt.Text, words);
        var lexicon = new LexiconScorer("lexicon", lab.Get<CorpusFiles>().ReadNewest(["lexicon"]).Select(document => document.Text));
        foreach (var answer in answers)
        {
            using var model = await LoadAsync(answer.Model.Run);
            var expected = model.Generate(
                [.. Enumerable.Repeat(words.ToArray(), 6)],
                new SamplingSettings { NewTokens = 8, TopK = 20, Temperature = 0.8f, EndOfText = Tokenizer.EndOfText, Seed = 5 },
                [0, 1, 2, 3, 4, 5]);
            Assert.Equal(expected.Select(tokens => Tokenizer.Decode(tokens)), answer.Samples.Select(sample => sample.Text));
            Assert.All(answer.Samples, sample => Assert.Equal(lexicon.Score(sample.Text), sample.Score));
            Assert.All(answer.Samples, sample => Assert.Equal(sample.Score == 1, sample.HighRiskWords.Length > 0));
        }
    }

    [Theory]
    [InlineData("", 1.0, 8, "Prompt")]
    [InlineData("melo", 5.1, 8, "Temperature")]
    [InlineData("melo", double.NaN, 8, "Temperature")]
    [InlineData("melo", 1.0, 0, "Length")]
    public async Task Generate_SettingOutsideItsRange_IsNamed(string text, double temperature, int newTokens, string field)
    {
        var prompt = new PromptRequest { Text = text, Temperature = temperature, NewTokens = newTokens };

        var refusal = await Assert.ThrowsAsync<LabException>(async () => await Models.GenerateAsync(Choice, prompt).ToListAsync());

        Assert.StartsWith(field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_LengthOfTheWholeSequence_EveryArmSaysThatThereIsNoRoom()
    {
        var answers = await Models.GenerateAsync(Choice, new PromptRequest { Text = "melo", NewTokens = 64 }).ToListAsync();

        Assert.All(answers, answer => Assert.Contains("leave no room for a prompt", answer.Model.Fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Score_RunWithoutCheckpoint_SaysSoAndTheOthersAnswer()
    {
        var run = Identifiers.ForRun(StudyFixture.Study, "full", 1, 0.3);
        var store = lab.Get<IBlobStore>();
        foreach (var blob in await store.ListAsync($"{ArtefactNames.Checkpoints(run)}/").ToListAsync())
        {
            await store.DeleteAsync(blob.Name);
        }

        var text = await Models.TokeniseAsync(new LensRequest(StudyFixture.Study, null, "melo"));
        var scored = await Models.ScoreAsync(Choice with { Seed = 1 }, text).ToListAsync();

        Assert.Equal($"Run '{run}' has no checkpoint yet. It is completed, at step 6 of 6.", scored[2].Model.Fault);
        Assert.Empty(scored[2].Probabilities);
        Assert.Equal([5, 5, 0, 5, 5], scored.Select(arm => arm.Probabilities.Length > 0 ? 5 : 0));
    }

    [Fact]
    public async Task Ask_NoSuchStudyRunOrDocument_IsRefusedInOneSentence()
    {
        var unknown = new[]
        {
            await Assert.ThrowsAsync<LabException>(() => Models.TokeniseAsync(new LensRequest("nobody", null, "melo"))),
            await Assert.ThrowsAsync<LabException>(() => Models.TokeniseAsync(new LensRequest(StudyFixture.Study, "pool/none"))),
            await Assert.ThrowsAsync<LabException>(async () => await Models.GenerateAsync(Choice with { Seed = 9 }, new PromptRequest { Text = "melo" }).ToListAsync()),
        };

        Assert.Equal(
            ["There is no study 'nobody'.", "Study 'small' has no document 'pool/none'.", "Study 'small' has no run of arm 'control' with seed 9 and amount 0.3."],
            unknown.Select(refusal => refusal.Message));
    }

    [Fact]
    public async Task Get_ModelsBeyondTheMemory_LeastRecentlyAskedGoesFirst()
    {
        var run = Identifiers.ForRun(StudyFixture.Study, "masked", 0, 0.3);
        var specification = (await lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(run).GetAsync()).Specification!;
        using var probe = await LoadAsync(run);
        var bytes = probe.Parameters.Sum(parameter => parameter.Length) * 8;
        using var cache = new ModelCache(
            lab.Get<Datasets>(), lab.Get<IEngine>(), lab.Get<IBlobStore>(), Options.Create(new LabOptions { ModelMemory = (2 * bytes) + 1 }));
        LoadedModel Of(string arm) => cache.Get(Identifiers.ForRun(StudyFixture.Study, arm, 0, 0.3), specification);

        var masked = Of("masked");
        var low = Of("low-risk");
        Assert.Same(masked, Of("masked"));
        Of("unlikelihood");

        Assert.Equal(2, cache.Count);
        Assert.Same(masked, Of("masked"));
        Assert.NotSame(low, Of("low-risk"));
        Assert.Throws<ObjectDisposedException>(() => low.Model.Score([[1, 2]]));
    }

    [Fact]
    public async Task Get_RunWithANewCheckpoint_IsTheModelOfThat()
    {
        var run = Identifiers.ForRun(StudyFixture.Study, "unlikelihood", 1, 0.3);
        var specification = (await lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(run).GetAsync()).Specification!;
        using var cache = new ModelCache(lab.Get<Datasets>(), lab.Get<IEngine>(), lab.Get<IBlobStore>(), Options.Create(new LabOptions()));
        var before = cache.Get(run, specification);
        var scores = before.Model.Score([[1, 2]])[0];

        using var trained = await LoadAsync(run);
        trained.Initialise(99);
        await new CheckpointStore(lab.Get<IBlobStore>(), ArtefactNames.Checkpoints(run)).CommitAsync(
            trained, new CheckpointInfo { Step = 7, SequencesConsumed = 28, Seed = 1, Settings = new Dictionary<string, string>() }, epoch: 9);
        var after = cache.Get(run, specification);

        Assert.Equal((6, 7, 1), (before.Step, after.Step, cache.Count));
        Assert.NotEqual(scores, after.Model.Score([[1, 2]])[0]);
        Assert.Equal(trained.Score([[1, 2]])[0], after.Model.Score([[1, 2]])[0]);
    }

    [Fact]
    public async Task Find_SearchAndPages_AreThoseOfAPlainReading()
    {
        var documents = lab.Get<IStudyDocuments>();
        var all = new List<DocumentView>();
        for (DocumentPage? page = null; page is not { More: false };)
        {
            page = await documents.FindAsync(new StudyDocumentQuery(StudyFixture.Study, all.Count, 7));
            all.AddRange(page.Documents);
        }

        var corpora = lab.Get<CorpusFiles>();
        var expected = corpora.ReadNewest(["pool"]).Where(document => document.Spans.Any(span => span.Score > 0.99)).Select(document => $"pool/{document.Id}");
        Assert.Equal(expected, all.Select(document => document.Id));

        var word = all[3].Text.Split(' ').MaxBy(part => part.Length)!.ToUpperInvariant();
        var found = await documents.FindAsync(new StudyDocumentQuery(StudyFixture.Study, 0, 50, Search: word));
        Assert.Equal(all.Where(document => document.Text.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(document => document.Id).Take(50), found.Documents.Select(document => document.Id));
    }

    [Fact]
    public async Task ReadPrompts_NoPromptCorpus_AreCutFromHeldOutDocuments()
    {
        var prompts = await lab.Get<IStudyDocuments>().ReadPromptsAsync(StudyFixture.Study, 3);

        Assert.Contains(prompts, prompt => prompt.Kind == "risky");
        Assert.Equal(3, prompts.Count(prompt => prompt.Kind == "neutral"));
    }

    private BytePairTokenizer Tokenizer
    {
        get
        {
            var view = lab.Get<IGrainFactory>().GetGrain<IStudyGrain>(StudyFixture.Study).GetAsync().GetAwaiter().GetResult();
            return lab.Get<Datasets>().LoadTokenizer(view.Preparation.Names[ArtefactNames.TokenizerKey]);
        }
    }

    private async Task<DocumentView> FirstHighRiskAsync() =>
        (await lab.Get<IStudyDocuments>().FindAsync(new StudyDocumentQuery(StudyFixture.Study, 0, 1))).Documents[0];

    private async Task<ITrainableModel> LoadAsync(string run)
    {
        var specification = (await lab.Get<IGrainFactory>().GetGrain<ITrainingRunGrain>(run).GetAsync()).Specification!;
        var model = lab.Get<IEngine>().Create(TrainingMapping.ToModel(specification.Model, Tokenizer.VocabularySize), 2);
        Assert.NotNull((await new CheckpointStore(lab.Get<IBlobStore>(), ArtefactNames.Checkpoints(run)).LoadWeightsAsync(model)).Manifest);
        return model;
    }
}
