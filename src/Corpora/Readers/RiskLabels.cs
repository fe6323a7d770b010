namespace SlungOrleans.Corpora;

/// <summary>Labels of documents.</summary>
internal static class RiskLabels
{
    /// <summary>What a label says; null for an empty one.</summary>
    public static bool? Parse(string value, DocumentSource source, long line)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (source.PositiveLabels.Count > 0)
        {
            return source.PositiveLabels.Contains(value, StringComparer.Ordinal);
        }

        return value switch
        {
            "1" or "true" or "True" or "TRUE" => true,
            "0" or "false" or "False" or "FALSE" => false,
            _ => throw new CorpusFormatException(
                $"{source.Path}, line {line}: label '{value}'; expected true or false, or 1 or 0, "
                + "unless the labels that mean high-risk are given."),
        };
    }
}
