using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>Models that answer by simple rules: words are tokens, "vorpag" is the listed word, the arm "full" alone says it.</summary>
internal sealed partial class InMemoryModels(InMemoryLab lab) : IModelService, IStudyDocuments
{
    /// <summary>What was asked, in order.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>Arms whose question was cancelled while they were asked.</summary>
    public List<string> Cancelled { get; } = [];

    /// <summary>What answers of an arm wait for.</summary>
    public Dictionary<string, Task> Gates { get; } = [];

    /// <summary>Why an arm cannot be asked.</summary>
    public Dictionary<string, string> Faults { get; } = [];

    public Task<LensText> TokeniseAsync(LensRequest request, CancellationToken cancellation = default)
    {
        Questions.Add($"tokenise {request.Document ?? request.Text}");
        if (request.Text == "refuse")
        {
            return Task.FromException<LensText>(new LabException("The text cannot be read."));
        }

        var document = request.Document is { } id ? Pool(request.Study).First(one => one.Id == id) : new DocumentView("", request.Text!, null, null, []);
        ImmutableArray<LensToken> tokens =
        [
            .. Token().Matches(document.Text).Select((match, index) => new LensToken(
                index,
                match.Value,
                Convert.ToHexStringLower(Encoding.UTF8.GetBytes(match.Value)),
                document.Spans.FirstOrDefault(span => match.Index + match.Length > span.Start && match.Index + 1 < span.End)?.Level ?? SpanLevel.Benign)),
        ];
        return Task.FromResult(new LensText
        {
            Document = document.Id,
            Tokens = tokens,
            Arms = [.. lab.Studies[request.Study].Specification!.Arms.Select(arm => new ArmTreatment(arm.Name, [.. tokens.Select(token => Treat(arm.Name, token.Level))]))],
            Notes = request.Document is null ? ["Nothing can label this text."] : [],
        });
    }

    public async IAsyncEnumerable<ArmProbabilities> ScoreAsync(ModelChoice choice, LensText text, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var (index, arm) in text.Arms.Index())
        {
            var model = await AskAsync(choice, arm.Arm, "score", cancellation);
            yield return new ArmProbabilities(
                model, model.Fault.Length > 0 ? [] : [.. text.Tokens.Select(token => token.Level == SpanLevel.HighRisk && arm.Arm != "full" ? 0.0003 : 0.25 + (index / 10.0))]);
        }
    }

    public async IAsyncEnumerable<ArmContinuations> GenerateAsync(ModelChoice choice, PromptRequest prompt, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var arm in lab.Studies[choice.Study].Specification!.Arms)
        {
            var model = await AskAsync(choice, arm.Name, $"generate {prompt.Text}", cancellation);
            var text = arm.Name == "full" ? " nu vorpag, <b>tesh</b>" : " melo tarin <i>wan</i>";
            var sample = new ScoredContinuation(text, arm.Name == "full" ? 1 : 0, arm.Name == "full" ? [new TextRange(4, 10)] : []);
            yield return new ArmContinuations(model, 0.5, model.Fault.Length > 0 ? [] : [.. Enumerable.Repeat(sample, prompt.Samples)]);
        }
    }

    public Task<DocumentPage> FindAsync(StudyDocumentQuery query, CancellationToken cancellation = default)
    {
        var found = Pool(query.Study)
            .Where(document => !query.OnlyHighRisk || document.Spans.Any(span => span.Level == SpanLevel.HighRisk))
            .Where(document => string.IsNullOrEmpty(query.Search) || document.Text.Contains(query.Search, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return Task.FromResult(new DocumentPage([.. found.Skip(query.Skip).Take(query.Take)], found.Length > query.Skip + query.Take));
    }

    public Task<ImmutableArray<DocumentView>> ReadPromptsAsync(string study, int most, CancellationToken cancellation = default) => Task.FromResult<ImmutableArray<DocumentView>>(
        [new DocumentView("p-1", "Nu vorpag tesh", null, "risky", []), new DocumentView("p-2", "Melo tarin besuko", null, "neutral", [])]);

    public Task<ImmutableArray<DocumentView>> ReadAsync(string corpus, ImmutableHashSet<string> ids, CancellationToken cancellation = default) =>
        Task.FromResult<ImmutableArray<DocumentView>>([.. lab.Documents.GetValueOrDefault(corpus, []).Where(document => ids.Contains(document.Id))]);

    private static TokenTreatment Treat(string arm, SpanLevel level) => (arm, level) switch
    {
        ("low-risk", not SpanLevel.Benign) => TokenTreatment.Absent,
        ("masked", not SpanLevel.Benign) => TokenTreatment.None,
        ("unlikelihood", SpanLevel.HighRisk) => TokenTreatment.Unlikelihood,
        _ => TokenTreatment.CrossEntropy,
    };

    private async Task<AskedModel> AskAsync(ModelChoice choice, string arm, string question, CancellationToken cancellation)
    {
        Questions.Add($"{question} {arm} s{choice.Seed}");
        using var told = cancellation.Register(() => Cancelled.Add(arm));
        await Gates.GetValueOrDefault(arm, Task.CompletedTask).WaitAsync(cancellation);
        return new AskedModel { Arm = arm, Run = $"{choice.Study}-{arm}-a50-s{choice.Seed}", Step = 600, Fault = Faults.GetValueOrDefault(arm, "") };
    }

    private IEnumerable<DocumentView> Pool(string study) => lab.Documents[lab.Studies[study].Specification!.Data.HighRisk[0]];

    [GeneratedRegex(" ?[^ ]+")]
    private static partial Regex Token();
}
