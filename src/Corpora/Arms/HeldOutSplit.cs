namespace SlungOrleans.Corpora;

/// <summary>Documents that no arm trains on, apart from the others.</summary>
/// <param name="Training">
/// Documents to train on, in the order in which they came; read from their source anew each time. Those with the text of a held-out one, whatever
/// their id, are left out: they would be trained on what is to be new.
/// </param>
/// <param name="HeldOut">Documents that are held out, in the order in which they came.</param>
public sealed record HeldOutSplit(IEnumerable<Document> Training, IReadOnlyList<Document> HeldOut)
{
    /// <summary>
    /// Holds out the documents whose ids have the smallest SHA-256. It depends on nothing but ids and share: it is the same in every
    /// replicate and in whatever order the documents come, and a larger share holds out what a smaller one does.
    /// </summary>
    /// <param name="documents">The documents; their ids are unique. Read more than once, so that they need not be in memory: the same each time.</param>
    /// <param name="share">The share that is held out, 0 to 1; the number of documents is rounded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ArmMixingException">An id occurs twice.</exception>
    public static HeldOutSplit Split(IEnumerable<Document> documents, double share)
    {
        if (!(share >= 0 && share <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share that is held out is 0 to 1.");
        }

        string[] ids = [.. documents.Select(document => document.Id)];
        var heldOut = new bool[ids.Length];
        var count = (int)Math.Round(share * ids.Length, MidpointRounding.AwayFromZero);
        foreach (var index in DocumentHash.Order(ids).Take(count))
        {
            heldOut[index] = true;
        }

        Document[] apart = [.. documents.Where((_, index) => heldOut[index])];
        HashSet<string> texts = new(apart.Select(document => document.Text), StringComparer.Ordinal);
        return new HeldOutSplit(documents.Where((document, index) => !heldOut[index] && !texts.Contains(document.Text)), apart);
    }
}
