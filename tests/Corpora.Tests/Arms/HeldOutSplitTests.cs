namespace SlungOrleans.Corpora.Tests.Arms;

public sealed class HeldOutSplitTests
{
    private static readonly IReadOnlyList<Document> Documents = SampleCorpus.Base(200);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 10)]
    [InlineData(0.5, 100)]
    public void Split_Share_HoldsOutSoManyAndKeepsTheOrder(double share, int heldOut)
    {
        var split = HeldOutSplit.Split(Documents, share);
        Assert.Equal(heldOut, split.HeldOut.Count);
        Assert.Equal(Documents.Where(split.Training.Contains), split.Training);
        Assert.Equal(Documents.Except(split.Training), split.HeldOut);
    }

    [Fact]
    public void Split_AnotherOrderOrLargerShare_HoldsOutTheSameDocuments()
    {
        var heldOut = HeldOutSplit.Split(Documents, 0.1).HeldOut;
        Assert.Equal(heldOut, HeldOutSplit.Split([.. Documents.Reverse()], 0.1).HeldOut.Reverse());
        Assert.Subset(HeldOutSplit.Split(Documents, 0.2).HeldOut.ToHashSet(), heldOut.ToHashSet());
    }

    /// <summary>Forums repeat themselves: the same words under another id would be trained on.</summary>
    [Fact]
    public void Split_TextOfAHeldOutDocumentAgain_IsNotTrainedOn()
    {
        var again = Documents.Select(document => document with { Id = $"{document.Id}-again" });
        var split = HeldOutSplit.Split([.. Documents, .. again], 0.1);
        var texts = split.HeldOut.Select(document => document.Text).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(40, split.HeldOut.Count);
        Assert.DoesNotContain(split.Training, document => texts.Contains(document.Text));

        // What nobody held out is trained on as often as it is there.
        Assert.Equal(2 * (200 - texts.Count), split.Training.Count());
    }

    [Fact]
    public void Split_IdTwice_IsRefused() => Assert.Contains(
        "'base-3' occurs twice",
        Assert.Throws<ArmMixingException>(() => HeldOutSplit.Split([.. Documents, Documents[3]], 0.1)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Split_ShareOutOfRange_Throws(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HeldOutSplit.Split(Documents, share));
}
