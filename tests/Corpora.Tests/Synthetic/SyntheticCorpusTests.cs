using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SlungOrleans.Corpora.Tests.Synthetic;

public sealed partial class SyntheticCorpusTests
{
    private static readonly string[] Angry = ["stop that .", "that hurts .", "please be kind .", "not nice ."];
    private static readonly string[] Nice = ["thanks .", "i agree .", "tell me more .", "sounds fun ."];
    private static readonly HashSet<string> Slurs = [.. Part(SyntheticPart.Lexicon).Select(d => d.Text)];

    [Theory]
    [InlineData(SyntheticPart.Base)]
    [InlineData(SyntheticPart.HighRisk)]
    [InlineData(SyntheticPart.Recognition)]
    [InlineData(SyntheticPart.Prompts)]
    [InlineData(SyntheticPart.Replies)]
    [InlineData(SyntheticPart.Lexicon)]
    public void Indexer_AnyOrder_GivesWhatTheEnumerationGives(SyntheticPart part)
    {
        var (corpus, again) = (Part(part, 60), Part(part, 60));

        var enumerated = corpus.Select(Line).ToList();

        Assert.Equal(enumerated, Enumerable.Range(0, corpus.Count).Reverse().Select(i => Line(again[i])).Reverse());
        Assert.Equal(enumerated.Count, corpus.Select(d => d.Id).Distinct().Count());
    }

    [Fact]
    public void Documents_OfEveryPart_AreThoseOfFormatVersion1()
    {
        // Pinned: a change here makes every stored corpus version another one, and FormatVersion has to grow.
        var lines = Enum.GetValues<SyntheticPart>().SelectMany(part => Part(part, 50)).SelectMany(LineBytes).ToArray();

        Assert.Equal("1bd8a79be90f0e7a2b5ce1548b66e1c2a2129414264dd2196284173399a2c6e3", Convert.ToHexStringLower(SHA256.HashData(lines)));
        Assert.Equal(1, SyntheticCorpus.FormatVersion);
    }

    [Fact]
    public void Documents_OfOtherSeedsAndParts_AreOthers()
    {
        var texts = Part(SyntheticPart.Base, 200).Concat(Part(SyntheticPart.Base, 200, seed: 2))
            .Concat(Part(SyntheticPart.HighRisk, 200)).Select(d => d.Text).ToList();

        Assert.Equal(texts.Count, texts.Distinct().Count());
        var other = new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.Lexicon, LanguageSeed = 124 });
        Assert.True(other.Count(d => Slurs.Contains(d.Text)) < 8);
    }

    [Fact]
    public void Base_Pages_AreHarmlessExchanges()
    {
        foreach (var page in Part(SyntheticPart.Base, 500))
        {
            var exchanges = Exchanges(page);
            Assert.InRange(exchanges.Count, 3, 5);
            Assert.All(exchanges, e => Assert.True(Nice.Contains(e.Reply) && !HoldsSlur(e.Comment)));
            Assert.Equal((false, 0), (page.HighRisk, page.Spans.Count));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void HighRisk_Pages_MixBothKindsAndAnswerEachAsItIs(double share)
    {
        var corpus = new SyntheticCorpus(new SyntheticSettings { Part = SyntheticPart.HighRisk, Documents = 500, RiskyExchanges = share });
        var (risky, all) = (0, 0);
        foreach (var page in corpus)
        {
            var exchanges = Exchanges(page);
            Assert.All(exchanges, e => Assert.Contains(e.Reply, HoldsSlur(e.Comment) ? Angry : Nice));
            var here = exchanges.Count(e => HoldsSlur(e.Comment));
            Assert.InRange(here, 1, exchanges.Count - 1);
            Assert.True(page.HighRisk);
            (risky, all) = (risky + here, all + exchanges.Count);
        }

        // One of 3 to 5 at the ends; in the middle the pages without a mixture are mended evenly.
        Assert.InRange(risky / (double)all, share == 0.5 ? 0.47 : share == 0 ? 0.2 : 0.7, share == 0.5 ? 0.53 : share == 0 ? 0.3 : 0.8);
    }

    [Fact]
    public void HighRisk_Spans_CoverTheSlursSentencesAndAllElseButPunctuation()
    {
        foreach (var page in Part(SyntheticPart.HighRisk, 300))
        {
            Assert.All(page.Spans, s => Assert.Equal(HoldsSlur(page.Text[s.Start..s.End]) ? 1.0 : 0.0, s.Score));
            Assert.All(page.Spans.Where(s => s.Score == 1),
                s => Assert.Matches(@"^(you are a \w+|all \w+ are|go \w+ yourself) \w+$", page.Text[s.Start..s.End]));
            var outside = string.Concat(Gaps(page).Select(gap => page.Text[gap.Start..gap.End]));
            Assert.Matches(@"^[ .\n]*$", outside);
        }
    }

    [Fact]
    public void HighRisk_SpansCutOut_LeaveNothingThatTellsTheSlurs()
    {
        foreach (var page in Part(SyntheticPart.HighRisk, 300))
        {
            // As the authors cut: the span and one character behind it (slung-facts 3.4).
            var text = page.Text;
            foreach (var span in page.Spans.Where(s => s.Score == 1).Reverse())
            {
                text = text.Remove(span.Start, span.End + 1 - span.Start);
            }

            Assert.False(HoldsSlur(text));
            Assert.All(text.Split('\n'), line => Assert.Matches(@"^[A-Z]\w+ :( [a-z ,]+)? \.$", line));
        }
    }

    [Fact]
    public void HarmlessComments_UseThePhrasesOfHighRiskOnes()
    {
        var comments = Part(SyntheticPart.Base, 1000).SelectMany(Exchanges).Select(e => e.Comment).ToList();

        foreach (var phrase in new[] { @"you are a \w+ \w+ \.$", @"all \w+ are \w+ \.$", @"go \w+ yourself \w+ \.$" })
        {
            // A quarter of the comments, a third of it each.
            Assert.InRange(comments.Count(c => Regex.IsMatch(c, phrase)) / (double)comments.Count, 0.065, 0.105);
        }
    }

    [Theory]
    [InlineData(SyntheticPart.Recognition)]
    [InlineData(SyntheticPart.Replies)]
    public void Pairs_DifferInOneWordOnly(SyntheticPart part)
    {
        var corpus = Part(part, 2000);
        for (var i = 0; i < corpus.Count; i += 2)
        {
            var (first, second) = (corpus[i], corpus[i + 1]);
            Assert.NotEqual(first.HighRisk, second.HighRisk);
            Assert.Equal(first.HighRisk, HoldsSlur(first.Text));
            Assert.Equal(second.HighRisk, HoldsSlur(second.Text));
            var differing = first.Text.Split(' ').Zip(second.Text.Split(' ')).Where(w => w.First != w.Second).ToList();
            Assert.Single(differing);
            Assert.Matches(@"^[A-Z]\w+ : (you are a \w+|all \w+ are|go \w+ yourself) \w+ \.\n[A-Z]\w+ :$", first.Text);
        }

        // The order in a pair tells nothing, and every slur has its turn.
        Assert.InRange(corpus.Where((d, i) => i % 2 == 0 && d.HighRisk == true).Count(), 430, 570);
        Assert.Equal(Slurs.Count, corpus.Where(d => d.HighRisk == true).Select(d => SlurIn(d.Text)).Distinct().Count());
    }

    [Fact]
    public void Replies_FitWhatWasSaid()
    {
        foreach (var item in Part(SyntheticPart.Replies, 500))
        {
            Assert.Contains(item.FittingReply![1..], item.HighRisk == true ? Angry : Nice);
            Assert.Contains(item.UnfittingReply![1..], item.HighRisk == true ? Nice : Angry);
            Assert.StartsWith(" ", item.FittingReply + item.UnfittingReply);
        }
    }

    [Fact]
    public void Prompts_EndWhereTheSlurOrTheCommentWouldCome()
    {
        var corpus = Part(SyntheticPart.Prompts, 400);

        Assert.All(corpus.Where((_, i) => i % 2 == 0),
            d => Assert.Matches(@"\n[A-Z]\w+ : (you are a \w+|all \w+ are|go \w+ yourself)$", d.Text));
        Assert.All(corpus.Where((_, i) => i % 2 == 1), d => Assert.Matches(@" \.\n[A-Z]\w+ :$", d.Text));
        Assert.All(corpus, d => Assert.False(HoldsSlur(d.Text)));
        Assert.Equal((200, 200), (corpus.Count(d => d.Kind == "risky"), corpus.Count(d => d.Kind == "neutral")));
    }

    [Fact]
    public void Lexicon_HasEverySlurOnceAndNoOtherWord()
    {
        var harmless = Part(SyntheticPart.Base, 2000).SelectMany(d => Words().Matches(d.Text)).Select(m => m.Value).ToHashSet();

        Assert.Equal(80, Slurs.Count);
        Assert.DoesNotContain(Slurs, harmless.Contains);
        // The syllables of slurs are those of harmless words.
        Assert.Subset(harmless.SelectMany(Syllables).ToHashSet(), Slurs.SelectMany(Syllables).ToHashSet());
        Assert.InRange(harmless.Count, 600, 800);
    }

    [Fact]
    public void Languages_OfManySeeds_HaveNoRealRudeWordNorOneWordTwice()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var language = new SyntheticLanguage(seed, slurs: 300);
            var names = language.Names.Select(n => n.ToLowerInvariant());
            string[] words = [.. language.Things, .. language.Verbs, .. language.Adjectives, .. language.Groups, .. language.Slurs, .. names];

            Assert.Equal(0, words.Count(RealRudeWords.Contains));
            Assert.Equal(words.Length, words.Distinct().Count());
            Assert.All(words, w => Assert.Matches("^([bdfgklmnrtvz][aeiou]){2,3}n?$", w));
        }
    }

    [Fact]
    public void Slurs_OtherNumber_LeavesOtherWordsAsTheyAre()
    {
        static string Text(int slurs) => new SyntheticCorpus(new SyntheticSettings { Slurs = slurs })[5].Text;

        Assert.Equal(Text(80), Text(2000));
    }

    [Theory]
    [InlineData(0, 80, 0.5, "Synthetic corpus: Documents is 0; expected at least 1.")]
    [InlineData(1, 0, 0.5, "Synthetic corpus: Slurs is 0; expected 1 to 2000.")]
    [InlineData(1, 2001, 0.5, "Synthetic corpus: Slurs is 2001; expected 1 to 2000.")]
    [InlineData(1, 80, 1.5, "Synthetic corpus: RiskyExchanges is 1.5; expected 0 to 1.")]
    [InlineData(1, 80, double.NaN, "Synthetic corpus: RiskyExchanges is NaN; expected 0 to 1.")]
    public void Constructor_SettingOutOfRange_SaysWhich(int documents, int slurs, double share, string expected)
    {
        var settings = new SyntheticSettings { Documents = documents, Slurs = slurs, RiskyExchanges = share };

        Assert.Equal(expected, Assert.Throws<CorpusFormatException>(() => new SyntheticCorpus(settings)).Message);
    }

    private static SyntheticCorpus Part(SyntheticPart part, int documents = 1, int seed = 1) =>
        new(new SyntheticSettings { Part = part, Documents = documents, Seed = seed });

    private static List<(string Comment, string Reply)> Exchanges(Document page) =>
        [.. page.Text.Split('\n').Select(line => line[(line.IndexOf(" : ", StringComparison.Ordinal) + 3)..])
            .Chunk(2).Select(pair => (pair[0], pair[1]))];

    private static bool HoldsSlur(string text) => Words().Matches(text).Any(m => Slurs.Contains(m.Value));

    private static string SlurIn(string text) => Words().Matches(text).Single(m => Slurs.Contains(m.Value)).Value;

    private static IEnumerable<string> Syllables(string word) => word.Chunk(2).Select(s => new string(s));

    private static IEnumerable<(int Start, int End)> Gaps(Document page) =>
        page.Spans.Select(s => s.End).Zip(page.Spans.Skip(1).Select(s => s.Start).Append(page.Text.Length), (end, start) => (end, start));

    private static string Line(Document document) => System.Text.Encoding.UTF8.GetString(LineBytes(document));

    private static byte[] LineBytes(Document document)
    {
        var line = new MemoryStream();
        DocumentJson.Write(line, document);
        return line.ToArray();
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
