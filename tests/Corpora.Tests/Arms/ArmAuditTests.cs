using System.Text.Json;
using SlungOrleans.Corpora.Tests.Packing;

namespace SlungOrleans.Corpora.Tests.Arms;

public sealed class ArmAuditTests
{
    private static readonly RiskLabel[] All = [RiskLabel.EndOfText, RiskLabel.Benign, RiskLabel.Middle, RiskLabel.HighRisk];
    private static readonly ArmMixer Mixer = new(
        ByteTokenizer.Instance,
        SampleCorpus.Base(60),
        SampleCorpus.Pool(60),
        new ArmMixerSettings { Sequences = 100, SequenceLength = 64, Seeds = [1, 2] });

    [Fact]
    public void Build_MatchedArms_HasNoFaultsAndCountsAsByHand()
    {
        var table = Table();
        Assert.Empty(table.Faults);
        Assert.Equal(10, table.Rows.Count);
        Assert.All(table.Rows, row => Assert.Equal((100, 6400L, 0), (row.Sequences, row.Tokens, row.PoolDocumentsSharedWithOtherSeeds)));

        var masked = table.Rows.Single(row => row is { Arm: "masked", Seed: 2 });
        var mixed = Mixer.Mix(ArmText.Original, 2, 0.2);
        var flat = SequencePackerTests.Flat(mixed.Dataset);
        Assert.Equal(
            new LabelCounts(0, flat.Count(token => token.Label == 1), flat.Count(token => token.Label == 2), flat.Count(token => token.Label == 3)),
            masked.Labels);
        Assert.Equal(masked.Labels.Benign, masked.LossBearingTokens);
        Assert.Equal(6400, table.Rows.Single(row => row is { Arm: "unlikelihood", Seed: 2 }).LossBearingTokens);
        Assert.Equal((20, 80), (masked.PoolSequences, masked.BaseSequences));
        Assert.Equal(mixed.PoolDocuments.Count, masked.PoolDocuments);
        Assert.Equal((mixed.Dataset.Manifest.InputIdsSha256, mixed.Dataset.Manifest.LabelMaskSha256), (masked.OrderHash, masked.MaskHash));
        Assert.Equal((mixed.BaseDocuments, mixed.BaseEpochs), (masked.BaseDocuments, masked.BaseEpochs));
    }

    [Fact]
    public void Build_SameDataForTwoSeeds_IsAFault()
    {
        // The authors' released code: every replicate takes the same part of the pool.
        var audit = new ArmAudit();
        var mixed = Mixer.Mix(ArmText.Original, 1, 0.2);
        audit.Add("full", mixed, All);
        audit.Add("full", mixed with { Seed = 2 }, All);
        var table = audit.Build();
        Assert.All(table.Rows, row => Assert.Equal(mixed.PoolDocuments.Count, row.PoolDocumentsSharedWithOtherSeeds));
        Assert.Contains("Arm 'full' (seed 2, amount 0.2) has the same tokens in the same order as Arm 'full' (seed 1, amount 0.2): they are no replicates.", table.Faults);
        Assert.Contains($"Arm 'full' (seed 1, amount 0.2) shares {mixed.PoolDocuments.Count} documents of the pool with other seeds: the replicates are not distinct.", table.Faults);
    }

    [Fact]
    public void Faults_RowsThatDoNotMatch_AreNamed()
    {
        var rows = Table().Rows;
        CheckFault(rows, "full", row => row with { Sequences = 99, Tokens = 99 * 64 }, "has 99 sequences and 6336 tokens, but Arm 'base' (seed 1, amount 0.2) has 100 and 6400");
        CheckFault(rows, "masked", row => row with { OrderHash = "0" }, "has other tokens, or another order, than Arm 'full' (seed 1, amount 0.2)");
        CheckFault(rows, "masked", row => row with { MaskHash = "0" }, "has other labels than Arm 'full' (seed 1, amount 0.2)");
        CheckFault(rows, "filtered", row => row with { Labels = row.Labels with { Middle = 4, HighRisk = 1 } }, "has 5 tokens that are not benign");
        CheckFault(rows, "full", row => row with { Labels = row.Labels with { Middle = 0, HighRisk = 0 } }, "has no token above the benign threshold");
    }

    [Fact]
    public void AuditTable_AsJson_IsReadBackAndHasCamelCaseNames()
    {
        var table = Table();
        var json = JsonSerializer.Serialize(table);
        var read = JsonSerializer.Deserialize<AuditTable>(json)!;
        Assert.Equal(table.Rows, read.Rows);
        Assert.Equal(table.Faults, read.Faults);
        var row = JsonDocument.Parse(json).RootElement.GetProperty("rows")[1];
        Assert.Equal("filtered", row.GetProperty("text").GetString());
        Assert.All(row.EnumerateObject(), member => Assert.True(char.IsAsciiLetterLower(member.Name[0])));
        Assert.Equal(17, row.EnumerateObject().Count());
    }

    private static void CheckFault(IReadOnlyList<ArmAuditRow> rows, string arm, Func<ArmAuditRow, ArmAuditRow> change, string fault)
    {
        var faults = AuditChecks.Faults([.. rows.Select(row => row.Arm == arm && row.Seed == 1 ? change(row) : row)]);
        Assert.Contains(faults, found => found.StartsWith($"Arm '{arm}' (seed 1, amount 0.2) {fault}", StringComparison.Ordinal));
    }

    private static AuditTable Table()
    {
        var audit = new ArmAudit();
        foreach (var seed in new[] { 1, 2 })
        {
            audit.Add("base", Mixer.Mix(ArmText.Base, seed, 0.2), All);
            audit.Add("filtered", Mixer.Mix(ArmText.Filtered, seed, 0.2), All);
            audit.Add("full", Mixer.Mix(ArmText.Original, seed, 0.2), All);
            audit.Add("masked", Mixer.Mix(ArmText.Original, seed, 0.2), [RiskLabel.EndOfText, RiskLabel.Benign]);
            audit.Add("unlikelihood", Mixer.Mix(ArmText.Original, seed, 0.2), All);
        }

        return audit.Build();
    }
}
