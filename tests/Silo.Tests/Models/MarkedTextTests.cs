using SlungOrleans.Contracts;
using SlungOrleans.Silo.Models;

namespace SlungOrleans.Silo.Tests.Models;

public sealed class MarkedTextTests
{
    [Theory]
    [InlineData("a [[b", "character 3 without ']]'")]
    [InlineData("a [[]] b", "nothing between '[[' and ']]' at character 3")]
    public void Read_MarkThatMarksNothing_IsRefused(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<LabException>(() => MarkedText.Read(text)).Message, StringComparison.Ordinal);
}
