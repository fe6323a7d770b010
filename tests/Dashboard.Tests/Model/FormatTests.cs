using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.8731, "0.873")]
    [InlineData(3.14159, "3.14")]
    [InlineData(31.4159, "31.4")]
    [InlineData(31415.9, "31,416")]
    [InlineData(-0.5, "\u22120.500")]
    [InlineData(0.0000123, "1.23e\u22125")]
    [InlineData(double.NaN, "n/a")]
    [InlineData(double.PositiveInfinity, "n/a")]
    public void Number_ThreeDigits_Reads(double value, string expected) => Assert.Equal(expected, Format.Number(value));

    [Theory]
    [InlineData(0.0214, 3, "+0.021")]
    [InlineData(-0.0214, 3, "\u22120.021")]
    [InlineData(0, 2, "0.00")]
    [InlineData(double.NaN, 2, "n/a")]
    public void Signed_Difference_HasItsSign(double value, int decimals, string expected) => Assert.Equal(expected, Format.Signed(value, decimals));

    [Theory]
    [InlineData(0.00001, "< 0.001")]
    [InlineData(0.0234, "0.023")]
    [InlineData(1, "1.000")]
    [InlineData(double.NaN, "n/a")]
    public void Probability_Value_Reads(double value, string expected) => Assert.Equal(expected, Format.Probability(value));

    [Theory]
    [InlineData(0.05, "5 %")]
    [InlineData(0.125, "12.5 %")]
    [InlineData(double.NaN, "n/a")]
    public void Share_Value_IsPercent(double value, string expected) => Assert.Equal(expected, Format.Share(value));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(13_400_128, "13.4 MB")]
    [InlineData(2_000_000_000, "2.00 GB")]
    public void Bytes_Size_HasAUnit(long value, string expected) => Assert.Equal(expected, Format.Bytes(value));

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(41.7, "41 s")]
    [InlineData(133, "2 min 13 s")]
    [InlineData(3_900, "1 h 05 min")]
    [InlineData(183_600, "2 d 3 h")]
    public void Duration_Seconds_Reads(double seconds, string expected) => Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(2, "just now")]
    [InlineData(12, "12 s ago")]
    [InlineData(185, "3 min ago")]
    [InlineData(7_300, "2 h ago")]
    [InlineData(500_000, "5 d ago")]
    public void Ago_Seconds_Reads(double seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(expected, Format.Ago(now.AddSeconds(-seconds), now));
    }

    [Fact]
    public void Decimals_Column_FollowTheWidestInterval()
    {
        Assert.Equal(3, Format.Decimals([(0.873, 0.851, 0.895), (0.742, 0.739, 0.745)]));
        Assert.Equal(1, Format.Decimals([(14.2, 12.9, 15.5)]));
        Assert.Equal(0, Format.Decimals([(1400, 1200, 1600)]));
        Assert.Equal(3, Format.Decimals([(0.873, double.NaN, double.NaN)]));
        Assert.Equal(2, Format.Decimals([]));
    }
}
