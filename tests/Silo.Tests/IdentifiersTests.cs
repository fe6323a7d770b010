using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Tests;

public sealed class IdentifiersTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("7-of-9", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("a\n", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("a%2f", false)]
    [InlineData("ä", false)]
    public void IsValid_Name_OnlyOfTheLettersOfNames(string? value, bool valid) => Assert.Equal(valid, Identifiers.IsValid(value));

    [Theory]
    [InlineData(96, true)]
    [InlineData(97, false)]
    public void IsValid_Length_AtMost96(int length, bool valid) => Assert.Equal(valid, Identifiers.IsValid(new string('a', length)));
}
