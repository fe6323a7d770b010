namespace SlungOrleans.Contracts;

/// <summary>Finds documents of studies and of evaluation sets.</summary>
public interface IStudyDocuments
{
    /// <summary>The documents of a study's text, in the order of its corpora, spans as its tagger scored them and levels at its own thresholds.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="LabException">There is no such study, or its corpora are not there yet.</exception>
    Task<DocumentPage> FindAsync(StudyDocumentQuery query, CancellationToken cancellation = default);

    /// <summary>The prompts that a study's generation suite draws from, risky ones first.</summary>
    /// <param name="study">The study.</param>
    /// <param name="most">Most prompts of each kind.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="LabException">There is no such study, or its prompts are not there yet.</exception>
    Task<ImmutableArray<DocumentView>> ReadPromptsAsync(string study, int most, CancellationToken cancellation = default);

    /// <summary>Documents of the newest version of a corpus by their ids; ids that are not there are left out.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="ids">The documents' ids.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="LabException">There is no such corpus.</exception>
    Task<ImmutableArray<DocumentView>> ReadAsync(string corpus, ImmutableHashSet<string> ids, CancellationToken cancellation = default);
}

/// <summary>Which documents of a study to find.</summary>
/// <param name="Study">The study.</param>
/// <param name="Skip">Documents to pass over.</param>
/// <param name="Take">Documents to return, 1 to 50.</param>
/// <param name="Base">Whether to look through the base text instead of the pool of high-risk documents.</param>
/// <param name="OnlyHighRisk">Whether to pass over documents without a high-risk span.</param>
/// <param name="Search">Only documents that hold this, in any case; null or empty for all.</param>
public sealed record StudyDocumentQuery(string Study, int Skip, int Take, bool Base = false, bool OnlyHighRisk = true, string? Search = null);
