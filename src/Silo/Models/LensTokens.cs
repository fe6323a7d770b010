using System.Text;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Models;

/// <summary>Texts in tokens, with what every arm's loss does with each.</summary>
internal static class LensTokens
{
    /// <summary>Most tokens of a text that are looked at.</summary>
    public const int Most = 2048;

    /// <summary>Tokens and labels as the study's arms are packed from them, and whether the text has more than <see cref="Most"/>.</summary>
    public static (ImmutableArray<LensToken> Tokens, bool Cut) Of(BytePairTokenizer tokenizer, Document document, RiskThresholds thresholds)
    {
        var ids = new List<int>();
        var labels = new List<byte>();
        LabelledEncoder.Encode(tokenizer, document.Text, document.Spans, thresholds, ids, labels);
        var count = Math.Min(ids.Count, Most);
        var bytes = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            bytes.AddRange(tokenizer.BytesOf(ids[i]));
        }

        var all = bytes.ToArray();
        var tokens = ImmutableArray.CreateBuilder<LensToken>(count);
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            var end = start + tokenizer.BytesOf(ids[i]).Length;
            var from = FirstCharacter(all, start);
            var text = Encoding.UTF8.GetString(all, from, Math.Max(from, FirstCharacter(all, end)) - from);
            tokens.Add(new LensToken(ids[i], text, Convert.ToHexStringLower(all, start, end - start), DocumentViews.LevelOf((RiskLabel)labels[i])));
            start = end;
        }

        return (tokens.MoveToImmutable(), ids.Count > count);
    }

    /// <summary>What an arm's loss does with every token of a text of the pool, or of base text.</summary>
    public static ArmTreatment Treat(ArmSpecification arm, ImmutableArray<LensToken> tokens, Document document, bool pool, RiskThresholds thresholds)
    {
        var routing = TrainingMapping.ToRouting(arm);
        var text = ArmData.ToText(arm.Data);
        var gone = pool && (text == ArmText.Base
            || (text == ArmText.Filtered && SpanFilter.Remove(document.Text, document.Spans, thresholds.Benign).IsEmpty));
        return new ArmTreatment(arm.Name, [.. tokens.Select(Treatment)]);

        TokenTreatment Treatment(LensToken token) => gone || (pool && text == ArmText.Filtered && token.Level != SpanLevel.Benign)
            ? TokenTreatment.Absent
            : routing[LabelOf(token.Level)] switch
            {
                LossKind.CrossEntropy => TokenTreatment.CrossEntropy,
                LossKind.Unlikelihood => TokenTreatment.Unlikelihood,
                _ => TokenTreatment.None,
            };
    }

    private static byte LabelOf(SpanLevel level) => (byte)(level switch
    {
        SpanLevel.HighRisk => RiskLabel.HighRisk,
        SpanLevel.Middle => RiskLabel.Middle,
        _ => RiskLabel.Benign,
    });

    /// <summary>The next index at which a character begins: a character belongs to the token that it begins in.</summary>
    private static int FirstCharacter(byte[] bytes, int index)
    {
        while (index < bytes.Length && (bytes[index] & 0xC0) == 0x80)
        {
            index++;
        }

        return index;
    }
}
