namespace SlungOrleans.Corpora.Tests.Tokenization;

internal static class RandomText
{
    private const string Common = "aab'  \n\tsdtlvre.,!?019Zé\u00a0\u3000ж你²";

    /// <summary>Up to 40 UTF-16 code units, half of them common ones; unpaired surrogates among them if asked for.</summary>
    internal static string Of(Random random, bool surrogates) => string.Create(random.Next(41), (random, surrogates), static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            var any = (char)state.random.Next(1, char.MaxValue + 1);
            text[i] = state.random.Next(2) == 0 || (char.IsSurrogate(any) && !state.surrogates)
                ? Common[state.random.Next(Common.Length)]
                : any;
        }
    });
}
