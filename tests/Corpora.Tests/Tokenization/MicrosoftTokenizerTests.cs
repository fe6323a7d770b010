namespace SlungOrleans.Corpora.Tests.Tokenization;

/// <summary>Microsoft.ML.Tokenizers comes to the same ids: an independent implementation of the merges.</summary>
public sealed class MicrosoftTokenizerTests
{
    private static readonly BytePairTokenizer Own = BytePairTokenizer.Train(SampleText.Documents(200), 700);
    private static readonly BytePairTokenizer Neox = TokenizerLoadingTests.GptNeoxForm();

    /// <summary>Scripts and signs that tokenizers disagree on: without spaces, of right to left, combining, beyond U+FFFF, joined emoji, odd white space.</summary>
    private static readonly string[] Multilingual =
    [
        "",
        " ",
        "\n\n \t\u00a0\u2003\u3000x",
        "The quick brown fox can't jump over 13 lazy dogs; they'll've slept since 1984.",
        "Größe, naïveté, Ångström, čeština, İstanbul, ﬁn",
        "Быстрая лиса перепрыгнула через собаку № 7.",
        "Η γρήγορη αλεπού — «ναι»!",
        "敏捷的棕色狐狸跳过了懒狗。速い茶色の狐は犬を飛び越える。",
        "빠른 갈색 여우가 게으른 개를 뛰어넘습니다.",
        "הַשּׁוּעָל הַחוּם, الثعلب البنيّ السريع ١٢٣",
        "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। ไทยไม่มีช่องว่าง",
        "𝒜𝓫𝒸 𐍈𐌰𐌽 🙂👩‍👩‍👧‍👦🏳️‍🌈 ²³½Ⅷ",
        "e\u0301e\u0301 n\u0303 \u1100\u1161\u11a8",
        "a\ud800b\udc00\ud800",
        "<|endoftext|> is text here, and    so are runs of spaces  ",
    ];

    [MicrosoftTokenizerFact]
    public void Encode_MultilingualText_GivesOurIds()
    {
        foreach (var tokenizer in new[] { Own, Neox })
        {
            var theirs = Open(tokenizer);
            Assert.All(Multilingual.Concat(SampleText.Documents(100)), text => Assert.Equal(Ids(tokenizer, text), Ids(theirs, text)));
            Assert.Equal((tokenizer.VocabularySize, tokenizer.EndOfText, tokenizer.Fingerprint), (theirs.VocabularySize, theirs.EndOfText, theirs.Fingerprint));
        }
    }

    [MicrosoftTokenizerFact]
    public void Encode_RandomText_GivesOurIds()
    {
        foreach (var tokenizer in new[] { Own, Neox })
        {
            var theirs = Open(tokenizer);
            var random = new Random(5);
            for (var i = 0; i < 5_000; i++)
            {
                var text = RandomText.Of(random, surrogates: i % 2 == 0);
                Assert.Equal(Ids(tokenizer, text), Ids(theirs, text));
            }
        }
    }

    [MicrosoftTokenizerFact]
    public async Task Encode_FromSeveralThreads_GivesOurIds()
    {
        var theirs = Open(Own);
        var texts = SampleText.Documents(300);
        var expected = texts.Select(text => Ids(Own, text)).ToList();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => texts.Select(text => Ids(theirs, text)).ToList())));

        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [MicrosoftTokenizerFact]
    public void Decode_TheirIds_GivesTheText() => Assert.Equal(Multilingual[3], Open(Own).Decode([.. Ids(Open(Own), Multilingual[3])]));

    private static List<int> Ids(ITokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return ids;
    }

#if USE_MICROSOFT_TOKENIZERS
    private static ITokenizer Open(BytePairTokenizer tokenizer) => new MicrosoftTokenizer(tokenizer);
#else
    private static ITokenizer Open(BytePairTokenizer tokenizer) => throw new NotSupportedException($"This build encodes '{tokenizer.Fingerprint}' by itself only.");
#endif

    /// <summary>A test of what only builds with the package have.</summary>
    private sealed class MicrosoftTokenizerFactAttribute : FactAttribute
    {
#if !USE_MICROSOFT_TOKENIZERS
        public MicrosoftTokenizerFactAttribute() => Skip = "needs a build with -p:UseMicrosoftTokenizers=true, whose package this one was restored without";
#endif
    }
}
