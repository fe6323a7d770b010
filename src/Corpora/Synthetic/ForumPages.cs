using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>Documents of the forum. A page is lines of <c>Name : sentence .</c>, every comment followed by its reply.</summary>
internal static class ForumPages
{
    private const int FewestExchanges = 3;
    private const int MostExchanges = 5;

    public static Document Harmless(string id, ForumSpeech speech)
    {
        var page = new Page();
        for (var rest = Exchanges(speech); rest > 0; rest--)
        {
            AddHarmlessExchange(page, speech);
        }

        return new Document { Id = id, Text = page.Text, HighRisk = false };
    }

    public static Document HighRisk(string id, ForumSpeech speech, double riskyExchanges)
    {
        var risky = new bool[Exchanges(speech)];
        for (var i = 0; i < risky.Length; i++)
        {
            risky[i] = speech.Chance(riskyExchanges);
        }

        if (Array.TrueForAll(risky, r => r == risky[0]))
        {
            risky[speech.Below(risky.Length)] ^= true;
        }

        var page = new Page();
        foreach (var isRisky in risky)
        {
            if (isRisky)
            {
                var (speaker, other) = speech.People();
                page.AddLine($"{speaker} :{speech.Lead()}", $"{speech.Address()} {speech.Slur()}");
                page.AddLine($"{other} : {speech.AngryReply()}");
            }
            else
            {
                AddHarmlessExchange(page, speech);
            }
        }

        return new Document { Id = id, Text = page.Text, Spans = page.Spans, HighRisk = true };
    }

    public static Document Recognition(string id, ForumSpeech speech, int member)
    {
        var (text, isRisky) = Pair(speech, member);
        return new Document { Id = id, Text = text, HighRisk = isRisky };
    }

    public static Document Prompt(string id, ForumSpeech speech, int member)
    {
        var page = new Page();
        AddHarmlessExchange(page, speech);
        var (speaker, _) = speech.People();
        var isRisky = member == 0;
        page.AddLine($"{speaker} :{(isRisky ? $" {speech.Address()}" : "")}");
        return new Document { Id = id, Text = page.Text, Kind = isRisky ? "risky" : "neutral" };
    }

    public static Document Reply(string id, ForumSpeech speech, int member)
    {
        var (text, isRisky) = Pair(speech, member);
        var (angry, nice) = ($" {speech.AngryReply()}", $" {speech.NiceReply()}");
        return new Document
        {
            Id = id,
            Text = text,
            HighRisk = isRisky,
            FittingReply = isRisky ? angry : nice,
            UnfittingReply = isRisky ? nice : angry,
        };
    }

    private static int Exchanges(ForumSpeech speech) => FewestExchanges + speech.Below(MostExchanges - FewestExchanges + 1);

    private static void AddHarmlessExchange(Page page, ForumSpeech speech)
    {
        var (speaker, other) = speech.People();
        page.AddLine($"{speaker} :{speech.Lead()} {speech.Harmless()} .");
        page.AddLine($"{other} : {speech.NiceReply()}");
    }

    /// <summary>
    /// A comment and the beginning of the line of its reply. The two of a pair draw the same; chance decides which of them gets the slur.
    /// </summary>
    private static (string Text, bool IsRisky) Pair(ForumSpeech speech, int member)
    {
        var (speaker, other) = speech.People();
        var (address, slur, thing) = (speech.Address(), speech.Slur(), speech.Thing());
        var isRisky = member == speech.Below(2);
        return ($"{speaker} : {address} {(isRisky ? slur : thing)} .\n{other} :", isRisky);
    }

    /// <summary>
    /// Lines and the spans of their sentences. The full stop after a high-risk sentence is no part of its span: where spans are cut out, a
    /// line without words stays, which tells that something was said but not what.
    /// </summary>
    private sealed class Page
    {
        private readonly StringBuilder _text = new();
        private readonly List<ScoredSpan> _spans = [];

        public string Text => _text.ToString();

        public IReadOnlyList<ScoredSpan> Spans => _spans;

        public void AddLine(string harmless, string highRisk = "")
        {
            if (_text.Length > 0)
            {
                _text.Append('\n');
            }

            AddSpan(harmless, 0);
            if (highRisk.Length > 0)
            {
                _text.Append(' ');
                AddSpan(highRisk, 1);
                _text.Append(" .");
            }
        }

        private void AddSpan(string sentence, double score)
        {
            _spans.Add(new ScoredSpan(_text.Length, _text.Length + sentence.Length, score));
            _text.Append(sentence);
        }
    }
}
