using SlungOrleans.Silo.Specifications;

namespace SlungOrleans.Silo.Tests;

public sealed class StudyYamlTests
{
    private const string Valid = """
        name: tiny
        data: { base: [a], highRisk: [b] }
        arms: [full, masked]
        seeds: [0, 1]
        amounts: [0.5]
        """;

    [Fact]
    public void Samples_AsShipped_HaveNoFaults()
    {
        var samples = new StudyLauncher(null!, null!).Samples;

        Assert.Equal("quickstart", samples[0].Name);
        Assert.All(samples, sample => Assert.Empty(StudyYaml.Read(sample.Yaml).Faults));
    }

    [Fact]
    public void Read_KnownArms_HaveTheLossesOfThePaper()
    {
        var arms = StudyYaml.Read(Valid.Replace("[full, masked]", "[control, low-risk, full, masked, unlikelihood]", StringComparison.Ordinal)).Specification!.Arms;

        Assert.Equal(["base", "filtered", "original", "original", "original"], arms.Select(arm => arm.Data));
        Assert.Equal([2, 3], arms[3].MaskedLabels.AsEnumerable());
        Assert.Equal([3], arms[4].UnlikelihoodLabels.AsEnumerable());
        Assert.All(arms.Take(3), arm => Assert.True(arm.MaskedLabels.IsEmpty && arm.UnlikelihoodLabels.IsEmpty));
    }

    [Fact]
    public void Read_ArmSpelledOut_IsTakenAsItIs()
    {
        var reading = StudyYaml.Read(Valid.Replace("masked]", "{ name: masked-high-risk-only, data: original, maskedLabels: [3] }]", StringComparison.Ordinal));

        Assert.Empty(reading.Faults);
        Assert.Equal([3], reading.Specification!.Arms[1].MaskedLabels.AsEnumerable());
    }

    [Theory]
    [InlineData("arms: [full, masked]", "arms: [full, maskd]", "Line 3: arms[1]: there is no arm 'maskd'; expected one of control, low-risk, full, masked, unlikelihood")]
    [InlineData("seeds: [0, 1]", "seeds: [0, zero]", "Line 4: seeds[1]: the value does not have the form")]
    [InlineData("seeds: [0, 1]", "seedz: [0, 1]", "there is no field 'seedz' here")]
    [InlineData("highRisk: [b] }", "highRisk: [b], sequences: many }", "Line 2: data.sequences:")]
    [InlineData("name: tiny", "name: [", "not YAML")]
    public void Read_FaultyText_NamesLineAndField(string part, string faulty, string expected)
    {
        var reading = StudyYaml.Read(Valid.Replace(part, faulty, StringComparison.Ordinal));

        Assert.Null(reading.Specification);
        Assert.Contains(expected, Assert.Single(reading.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_ListsThemAll()
    {
        var faults = StudyYaml.Read("""
            name: Not A Name
            data: { base: [], highRisk: [b], heldOutShare: 0.9 }
            arms: [full, full]
            seeds: [3, 3]
            amounts: [1.5]
            model: { hiddenSize: 30, heads: 4 }
            training: { steps: 0 }
            """).Faults;

        foreach (var field in new[] { "name:", "data.base:", "data.heldOutShare:", "arms:", "seeds:", "amounts:", "model.heads:", "training.steps" })
        {
            Assert.Contains(faults, fault => fault.StartsWith(field, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_ScorerTrainedOnTheTaggersText_IsAFault()
    {
        var faults = StudyYaml.Read(Valid
            .Replace("highRisk: [b] }", "highRisk: [b], tagger: { kind: classifier, trainedOn: [c] } }", StringComparison.Ordinal)
            + "\nevaluation: { scorer: { kind: classifier, corpora: [c] } }").Faults;

        Assert.Contains("the scorer of generations must be another one", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ScorerThatIsTheTaggersWordList_IsRefused()
    {
        var faults = StudyYaml.Read(Valid
            .Replace("highRisk: [b] }", "highRisk: [b], tagger: { kind: word-list, wordList: c } }", StringComparison.Ordinal)
            + "\nevaluation: { scorer: { kind: lexicon, corpora: [c] } }").Faults;

        Assert.Equal("evaluation.scorer.corpora: c is the tagger's word list too; the scorer of generations must be another one.", Assert.Single(faults));
    }

    [Theory]
    [InlineData("recognition: [c, b]", "evaluation.recognition: b is trained on too (data); what a model has been trained on says nothing of what it understands.")]
    [InlineData("recognition: [a]", "evaluation.recognition: a is trained on too (data); what a model has been trained on says nothing of what it understands.")]
    [InlineData("prompts: [b]", "evaluation.prompts: b is trained on too (data); what a model has been trained on says nothing of what it understands.")]
    [InlineData("replies: [b]", "evaluation.replies: b is trained on too (data); what a model has been trained on says nothing of what it understands.")]
    public void Read_CorpusTrainedAndTestedOn_IsRefused(string evaluation, string expected) =>
        Assert.Equal(expected, Assert.Single(StudyYaml.Read($"{Valid}\nevaluation: {{ {evaluation} }}").Faults));

    [Fact]
    public void Read_PoolThatIsBaseTextToo_IsRefused() => Assert.Equal(
        "data.highRisk: b is base text too, which every arm is trained on as it is: no arm would be without its high-risk tokens.",
        Assert.Single(StudyYaml.Read(Valid.Replace("base: [a]", "base: [a, b]", StringComparison.Ordinal)).Faults));

    [Fact]
    public void Read_FastTextTagger_NeedsModelAndLabel()
    {
        const string tagger = "tagger: { kind: fasttext, model: m.bin, label: toxic }";
        var complete = Valid.Replace("highRisk: [b] }", $"highRisk: [b], {tagger} }}", StringComparison.Ordinal);

        var reading = StudyYaml.Read(complete);
        var faults = StudyYaml.Read(complete.Replace(", model: m.bin, label: toxic", "", StringComparison.Ordinal)).Faults;

        Assert.Empty(reading.Faults);
        Assert.Equal(("m.bin", "toxic"), (reading.Specification!.Data.Tagger.Model, reading.Specification.Data.Tagger.Label));
        Assert.Equal(["data.tagger.model", "data.tagger.label"], faults.Select(fault => fault.Split(':')[0]));
    }

    [Fact]
    public void Write_Specification_ReadsBackTheSame()
    {
        var specification = StudyYaml.Read(new StudyLauncher(null!, null!).Samples[0].Yaml).Specification!;

        var again = StudyYaml.Read(StudyYaml.Write(specification)).Specification!;

        Assert.Equal(StudyYaml.Write(specification), StudyYaml.Write(again));
    }
}
