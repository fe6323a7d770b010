using System.Text.Json;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Tests;

public sealed class StudyYamlWriteTests
{
    // What YAML takes for something else, or cannot hold as it is.
    private static readonly string[] Texts =
    [
        "plain", "two words", "", " ", "true", "null", "~", "no", "1", "1e5", "-3", "0x10", "1_000", "a: b", "a #b", "# a", "- a", "[a]", "{a}", "'", "\"", "\\", "\\u0041", "%", "@a", "`", "!a", "&a", "*a", "|", ">",
        "line\nbreak", "tab\there", "trailing ", "ärger", "日本語", "🙂", "\u0001", "\u0085", "\u2028", "\ufeff", "a,b", "/data/a b.csv", "..", ".5", "..\\x", "?", ":", "a:", "2026-11-20", "12:30:45", "=", "<<", "NaN", "Infinity", ".inf", "---", "...",
    ];

    private static readonly double[] Numbers = [0, 1, 0.1, 1e-8, 1e-4, 0.99, 1e20, -2.5, 1.0 / 3, double.Epsilon, double.MaxValue, 5];

    [Fact]
    public void WriteAndRead_ManyStudies_GivesEqualStudies()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var study = Study(random);
            var text = StudyYaml.Write(study);
            var reading = StudyYaml.Read(text);

            Assert.True(reading.Specification is not null, $"{string.Join(' ', reading.Faults)}\n{text}");
            Assert.Equal(JsonSerializer.Serialize(study), JsonSerializer.Serialize(reading.Specification));
            Assert.Equal(text, StudyYaml.Write(reading.Specification));
        }
    }

    [Fact]
    public void Write_Samples_ReadsAsPeopleWriteThem()
    {
        foreach (var sample in new StudyLauncher(null!, null!).Samples)
        {
            var study = StudyYaml.Read(sample.Yaml).Specification!;
            var text = StudyYaml.Write(study);

            Assert.Equal(JsonSerializer.Serialize(study), JsonSerializer.Serialize(StudyYaml.Read(text).Specification));
            Assert.Contains($"arms: [{string.Join(", ", study.Arms.Select(arm => arm.Name))}]\n", text, StringComparison.Ordinal);
            Assert.Equal(study.Model.From is null, text.Contains("\ntokenizer: { vocabularySize: ", StringComparison.Ordinal));
            Assert.DoesNotContain("null", text, StringComparison.Ordinal);
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 160, line));
        }
    }

    [Theory]
    [InlineData("name:")]
    [InlineData("name: a\ndata:")]
    [InlineData("name: a\narms:")]
    [InlineData("name: a\ndata: { tagger: { kind: } }")]
    [InlineData("name: a\ncorpora: [{ name: }]")]
    public void Read_NameWithoutAValue_IsAFault(string yaml)
    {
        var reading = StudyYaml.Read(yaml);

        Assert.Null(reading.Specification);
        Assert.StartsWith("Line ", Assert.Single(reading.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_OfEverything_NameTheirField()
    {
        var reading = StudyYaml.Read("""
            name: Not A Name
            corpora: [{ name: A, format: x, cleaning: x, charactersPerDocument: 0, synthetic: { part: x, documents: 0, slurs: 0, riskyExchanges: 2 } }, { name: A }]
            data: { tagger: { kind: x }, benignThreshold: 2, highRiskThreshold: 0, sequences: 0, heldOutShare: 2 }
            tokenizer: { vocabularySize: 1 }
            arms: [full, full, { name: B, data: x, maskedLabels: [1, 2, 3, 4], unlikelihoodLabels: [3] }]
            seeds: [-1, -1]
            amounts: [2, 2]
            model: { norm: x, hiddenSize: 0, layers: 0, heads: 0, feedForwardSize: 0, sequenceLength: 0 }
            training: { steps: 0, batchSize: 0, learningRate: 0, warmUpSteps: -1, finalLearningRateShare: 2, beta1: 2, beta2: 2, epsilon: 0, weightDecay: -1, clipNorm: 0, checkpointEvery: 0, retention: { latest: 0, everySteps: -1, best: -1, budgetBytes: -1 } }
            evaluation: { probeTrainingExamples: 0, probeTestExamples: 0, probeResamples: 0, promptsPerKind: 0, continuations: 0, newTokens: 0, topK: -1, perplexitySequences: 0, scorer: { kind: x, threshold: 0 } }
            """);

        var fields = reading.Faults.Select(FaultFields.Of).ToList();
        Assert.True(fields.Count > 50, $"{fields.Count} faults");
        Assert.All(reading.Faults, fault => Assert.False(FaultFields.Of(fault).Length == 0, fault));
        Assert.Superset(
            new HashSet<string> { "name", "corpora", "corpora[0].synthetic.part", "data.tagger.kind", "data.highRiskThreshold", "tokenizer.vocabularySize", "arms[2].data", "seeds", "amounts", "model.heads", "training.steps", "training.beta1", "training.retention.latest", "evaluation.scorer.kind" },
            fields.ToHashSet());
    }

    [Theory]
    [InlineData("Line 4: seeds[1]: the value does not have the form.", "seeds[1]")]
    [InlineData("arms[2].data: 'x' is not one of base.", "arms[2].data")]
    [InlineData("training.steps is 0, expected at least 1.", "training.steps")]
    [InlineData("Line 3: not YAML: a bracket is not closed.", "")]
    [InlineData("Line 1: a study is expected: a mapping.", "")]
    public void FieldOf_Fault_IsItsPath(string fault, string expected) => Assert.Equal(expected, FaultFields.Of(fault));

    [Theory]
    [InlineData("arms[1].data", "arms", true)]
    [InlineData("arms", "arms", true)]
    [InlineData("armsRace", "arms", false)]
    [InlineData("data.base", "data.baseline", false)]
    public void IsWithin_Fields_ByPath(string field, string shownAt, bool expected) => Assert.Equal(expected, FaultFields.IsWithin(field, shownAt));

    private static StudySpecification Study(Random random)
    {
        return new StudySpecification
        {
            Name = Text(),
            Description = Text(),
            Corpora = [.. Many(() => new CorpusSpecification
            {
                Name = Text(),
                Path = Maybe(Text),
                Format = Text(),
                TextField = Text(),
                LabelField = Maybe(Text),
                PositiveLabels = [.. Many(Text)],
                Fields = [.. Many(() => new LabelledField(Text(), Flag()))],
                Cleaning = Flag() ? "none" : Text(),
                CharactersPerDocument = Whole(),
                Synthetic = Maybe(() => new SyntheticSpecification { Part = Text(), Documents = Whole(), Seed = Whole(), RiskyExchanges = Number() }),
            })],
            Data = new DataSpecification
            {
                Base = [.. Many(Text)],
                HighRisk = [.. Many(Text)],
                Tagger = new TaggerSpecification { Kind = Text(), WordList = Maybe(Text), TrainedOn = [.. Many(Text)], Model = Maybe(Text), Label = Maybe(Text), ModelSha256 = Maybe(Text) },
                HighRiskThreshold = Number(),
                BenignThreshold = Number(),
                Sequences = Whole(),
            },
            Arms = [.. Many(() => Flag()
                ? KnownArms.All[random.Next(KnownArms.All.Length)]
                : new ArmSpecification { Name = Flag() ? "masked" : Text(), Data = Text(), MaskedLabels = [.. Many(Whole)], UnlikelihoodLabels = [.. Many(Whole)] })],
            Seeds = [.. Many(Whole)],
            Amounts = [.. Many(Number)],
            Model = new ModelSpecification { HiddenSize = Whole(), Norm = Text(), TiedEmbeddings = Flag() },
            Training = new TrainingSpecification
            {
                LearningRate = Number(), Epsilon = Number(), AttendAcrossDocuments = Flag(), ScheduleSteps = Flag() ? Whole() : null, VerifyAtEnd = Flag(), Retention = new RetentionSpecification { EverySteps = long.MaxValue, BudgetBytes = Flag() ? 1L << 40 : null },
            },
            Evaluation = new EvaluationSpecification { Recognition = [.. Many(Text)], Scorer = new ScorerSpecification { Kind = Text(), Corpora = [.. Many(Text)], Threshold = Number() } },
        };

        string Text() => Flag() ? Texts[random.Next(Texts.Length)] : string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => (char)random.Next(' ', 0x250)));
        double Number() => Flag() ? Numbers[random.Next(Numbers.Length)] : random.NextDouble();
        int Whole() => Flag() ? random.Next(10) : random.Next(int.MinValue, int.MaxValue);
        bool Flag() => random.Next(2) == 0;
        T? Maybe<T>(Func<T> make) where T : class => Flag() ? make() : null;
        IEnumerable<T> Many<T>(Func<T> make) => Enumerable.Range(0, random.Next(4)).Select(_ => make()).ToList();
    }
}
