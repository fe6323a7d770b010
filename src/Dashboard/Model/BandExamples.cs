using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A span of a document, as an example of its score.</summary>
/// <param name="Document">The document's id.</param>
/// <param name="Text">The span's text, cut if it is long.</param>
/// <param name="Score">Its score.</param>
internal sealed record BandExample(string Document, string Text, double Score);

/// <summary>Spans on either side of two thresholds, the first that a corpus has.</summary>
/// <param name="Benign">Scored at or below the benign threshold.</param>
/// <param name="Middle">Scored between the thresholds.</param>
/// <param name="HighRisk">Scored above the high-risk threshold.</param>
/// <param name="Documents">Documents with spans that were looked through.</param>
/// <param name="All">Whether these are all that there are.</param>
internal sealed record BandExamples(ImmutableArray<BandExample> Benign, ImmutableArray<BandExample> Middle, ImmutableArray<BandExample> HighRisk, int Documents, bool All)
{
    /// <summary>Examples per band.</summary>
    public const int Most = 6;

    private const int Page = 200;
    private const int MostDocuments = 2000;
    private const int LongestText = 240;

    /// <summary>Looks through the documents until every band has its examples, at most two thousand of them.</summary>
    public static async Task<BandExamples> ReadAsync(IArtefactReader artefacts, string corpus, string? job, double benign, double highRisk, CancellationToken cancellation)
    {
        var bands = new List<BandExample>[] { [], [], [] };
        var documents = 0;
        var more = true;
        while (more && documents < MostDocuments && bands.Any(band => band.Count < Most))
        {
            var page = await artefacts.ReadDocumentsAsync(new DocumentQuery(corpus, documents, Page, job, OnlyWithSpans: true), cancellation);
            foreach (var document in page.Documents)
            {
                foreach (var span in document.Spans)
                {
                    var band = bands[span.Score > highRisk ? 2 : span.Score > benign ? 1 : 0];

                    // From as many documents as can be.
                    if (band.Count < Most && band.All(example => example.Document != document.Id))
                    {
                        band.Add(new BandExample(document.Id, TextOf(document, span), span.Score));
                    }
                }
            }

            documents += page.Documents.Length;
            more = page.More;
        }

        return new BandExamples([.. bands[0]], [.. bands[1]], [.. bands[2]], documents, !more);
    }

    private static string TextOf(DocumentView document, SpanView span)
    {
        var text = document.Text.AsSpan(span.Start, span.End - span.Start);
        if (text.Length <= LongestText)
        {
            return text.ToString();
        }

        // Never half of a character.
        return text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)].ToString() + "…";
    }
}
