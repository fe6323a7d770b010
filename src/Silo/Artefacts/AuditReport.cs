using System.Globalization;
using System.Text.Json;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Silo.Artefacts;

/// <summary>The audit of matched arms as a table of the report.</summary>
internal static class AuditReport
{
    private const int HashDigits = 12;
    private static readonly JsonSerializerOptions Json = new() { RespectNullableAnnotations = true };

    private static readonly ImmutableArray<(string Title, Func<ArmAuditRow, string> Cell)> Columns =
    [
        ("arm", row => row.Arm),
        ("amount", row => row.Amount.ToString("0.###", CultureInfo.InvariantCulture)),
        ("seed", row => row.Seed.ToString(CultureInfo.InvariantCulture)),
        ("text", row => row.Text.ToString().ToLowerInvariant()),
        ("sequences", row => Count(row.Sequences)),
        ("of the pool", row => Count(row.PoolSequences)),
        ("tokens", row => Count(row.Tokens)),
        ("benign", row => Count(row.Labels[RiskLabel.Benign])),
        ("middle", row => Count(row.Labels[RiskLabel.Middle])),
        ("high-risk", row => Count(row.Labels[RiskLabel.HighRisk])),
        ("loss-bearing", row => Count(row.LossBearingTokens)),
        ("pool documents", row => Count(row.PoolDocuments)),
        ("shared with other seeds", row => Count(row.PoolDocumentsSharedWithOtherSeeds)),
        ("base documents", row => Count(row.BaseDocuments)),
        ("base epochs", row => row.BaseEpochs.ToString("0.00", CultureInfo.InvariantCulture)),
        ("order hash", row => row.OrderHash[..HashDigits]),
    ];

    public static ReportTable ToTable(string json)
    {
        var audit = JsonSerializer.Deserialize<AuditTable>(json, Json) ?? throw new InvalidDataException("The audit is empty.");
        return new ReportTable("Audit of the arms", [.. Columns.Select(column => column.Title)], [.. audit.Rows.Select(row => (ImmutableArray<string>)[.. Columns.Select(column => column.Cell(row))])])
        {
            Note = audit.Faults.Count == 0
                ? "All arms have as many sequences and tokens; arms of the same text share its order; no two seeds share a document of the pool."
                : string.Join(" ", audit.Faults),
            Folded = true,
        };
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
