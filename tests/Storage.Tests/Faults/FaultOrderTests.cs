namespace SlungOrleans.Storage.Tests.Faults;

public sealed class FaultOrderTests
{
    [Fact]
    public void Parse_OfOrder_ReadsPointAndPassing() => Assert.Equal(new FaultOrder("checkpoint/upload", 3), FaultOrder.Parse("checkpoint/upload:3:kill"));

    [Theory]
    [InlineData("checkpoint/upload")]
    [InlineData("checkpoint/upload:0:kill")]
    [InlineData("checkpoint/upload:-1:kill")]
    [InlineData("checkpoint/upload:3:throw")]
    [InlineData(":3:kill")]
    [InlineData("a:b:3:kill")]
    public void Parse_OfAnythingElse_SaysWhatIsExpected(string text)
    {
        var failure = Assert.Throws<FormatException>(() => FaultOrder.Parse(text));
        Assert.Equal($"SLUNGORLEANS_FAULT is '{text}'; expected a fault point, which passing from 1, and 'kill', such as checkpoint/upload:3:kill.", failure.Message);
    }
}
