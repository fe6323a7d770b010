namespace SlungOrleans.Corpora.Tests;

public sealed class SplitMix64Tests
{
    /// <summary>The published first numbers from state 1234567.</summary>
    [Fact]
    public void Next_KnownState_GivesThePublishedNumbers()
    {
        ulong state = 1234567;
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => SplitMix64.Next(ref state)).ToArray());
    }
}
