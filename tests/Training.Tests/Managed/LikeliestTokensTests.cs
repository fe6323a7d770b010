using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training.Tests.Managed;

public sealed class LikeliestTokensTests
{
    /// <summary>Continuous logits, and coarse ones with many ties, zeros of both signs and infinities.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(13, 12)]
    [InlineData(512, 50)]
    [InlineData(4096, 50)]
    [InlineData(4099, 1)]
    [InlineData(4099, 1000)]
    [InlineData(50_280, 50)]
    public void Find_OfRandomLogits_EqualsSorting(int vocabulary, int wanted)
    {
        var likeliest = new LikeliestTokens(wanted, vocabulary);
        var random = new RandomStream(7, "logits", (ulong)vocabulary);
        foreach (float grain in (float[])[0, 0.01f, 0.5f, 4])
        {
            for (int round = 0; round < 5; round++)
            {
                float[] logits = new float[Lanes.Pad(vocabulary)];
                Array.Fill(logits, float.NegativeInfinity);
                for (int token = 0; token < vocabulary; token++)
                {
                    float logit = (float)((random.NextDouble() - 0.5) * 16);
                    logits[token] = grain > 0 ? MathF.Round(logit / grain) * grain : logit;
                    logits[token] = logits[token] is 8 or -8 ? logits[token] / 0f : logits[token];
                }

                int[] expected = [.. Enumerable.Range(0, vocabulary).OrderByDescending(token => logits[token]).ThenBy(token => token).Take(wanted)];

                Assert.Equal(expected, likeliest.Find(logits).ToArray());
            }
        }
    }
}
