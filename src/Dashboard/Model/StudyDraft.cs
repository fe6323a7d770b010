using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>
/// A study while it is written, as text and as form. The text is what counts: an edit of the form writes it anew, and every change of it is read
/// and checked.
/// </summary>
/// <param name="launcher">Reads and writes studies.</param>
public sealed class StudyDraft(IStudyLauncher launcher)
{
    private readonly Dictionary<string, (string Text, string Fault)> _unfinished = [];
    private ImmutableArray<string> _faults = [];
    private ImmutableArray<string> _corpora = [];

    /// <summary>The study as YAML.</summary>
    public string Yaml { get; private set; } = "";

    /// <summary>What the form shows: what was read from the text, or from the last text that could be read.</summary>
    public StudySpecification Specification { get; private set; } = new();

    /// <summary>Whether the text could be read; if not, the form shows what was before, and cannot be edited.</summary>
    public bool IsReadable { get; private set; } = true;

    /// <summary>Every fault, each one sentence that begins with its field.</summary>
    public ImmutableArray<string> Faults => [.. _faults, .. _unfinished.Select(one => $"{one.Key}: {one.Value.Fault}"), .. MissingCorpora()];

    /// <summary>Whether it can be launched.</summary>
    public bool CanLaunch => IsReadable && Yaml.Length > 0 && Faults.IsEmpty;

    /// <summary>Names of corpora that can be chosen: the lab's and the study's own.</summary>
    public IEnumerable<string> Corpora => Specification.Corpora.Select(corpus => corpus.Name).Where(name => name.Length > 0).Concat(_corpora).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Told of every change.</summary>
    public event Action? Changed;

    /// <summary>Names of the corpora that the lab has.</summary>
    public void SetCorpora(ImmutableArray<string> names)
    {
        _corpora = names;
        Changed?.Invoke();
    }

    /// <summary>Replaces the text.</summary>
    public void SetYaml(string? yaml)
    {
        _unfinished.Clear();
        Yaml = yaml ?? "";
        Read();
    }

    /// <summary>Changes the study, and with it the text.</summary>
    /// <param name="field">The field that was edited.</param>
    /// <param name="edit">Makes the new study of the one before.</param>
    public void Edit(string field, Func<StudySpecification, StudySpecification> edit)
    {
        if (!IsReadable)
        {
            return;
        }

        _unfinished.Remove(field);
        Yaml = launcher.Write(edit(Specification));
        Read();
    }

    /// <summary>Keeps what was typed into a field that it cannot be.</summary>
    public void Refuse(string field, string text, string fault)
    {
        _unfinished[field] = (text, fault);
        Changed?.Invoke();
    }

    /// <summary>What was typed into a field that it cannot be; null if nothing was.</summary>
    public string? Unfinished(string field) => _unfinished.TryGetValue(field, out var typed) ? typed.Text : null;

    /// <summary>Faults to show at a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="withParts">Whether those of its parts (<c>arms[1].name</c> of <c>arms</c>) are shown there too.</param>
    public IEnumerable<string> FaultsAt(string field, bool withParts = false) =>
        Faults.Where(fault => FaultFields.Of(fault) is var found && (found == field || (withParts && FaultFields.IsWithin(found, field))));

    private void Read()
    {
        var reading = launcher.Read(Yaml);
        _faults = reading.Faults;
        IsReadable = reading.Specification is not null;
        Specification = reading.Specification ?? Specification;
        Changed?.Invoke();
    }

    /// <summary>A corpus that is nowhere would stop the study only after its launch.</summary>
    private IEnumerable<string> MissingCorpora()
    {
        if (!IsReadable || Yaml.Length == 0)
        {
            return [];
        }

        var (data, evaluation) = (Specification.Data, Specification.Evaluation);
        var known = Corpora.ToHashSet(StringComparer.Ordinal);
        (string Field, IEnumerable<string> Names)[] used =
        [
            ("data.base", data.Base),
            ("data.highRisk", data.HighRisk),
            ("data.tagger.wordList", data.Tagger is { Kind: "word-list", WordList: { } words } ? [words] : []),
            ("data.tagger.trainedOn", data.Tagger.Kind == "classifier" ? data.Tagger.TrainedOn : []),
            ("evaluation.recognition", evaluation.Recognition),
            ("evaluation.prompts", evaluation.Prompts),
            ("evaluation.replies", evaluation.Replies),
            ("evaluation.scorer.corpora", evaluation.Scorer.Corpora),
        ];
        return used.SelectMany(field => field.Names.Where(name => !known.Contains(name))
            .Select(name => $"{field.Field}: there is no corpus '{name}' in the lab; expected one that was imported, or one of the study's own `corpora`."));
    }
}
