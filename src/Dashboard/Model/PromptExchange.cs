using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>A prompt that was put to every arm, with the answers so far.</summary>
internal sealed class PromptExchange(int number, PromptRequest request, ModelChoice choice, ImmutableArray<string> arms)
{
    private readonly List<ArmContinuations> _answers = [];

    /// <summary>Counts up from 1 within the page.</summary>
    public int Number => number;

    public PromptRequest Request => request;

    public ModelChoice Choice => choice;

    /// <summary>Whether the reader has asked for its high-risk text.</summary>
    public bool Shown { get; set; }

    /// <summary>Why it ended before every arm had answered; empty if it did not.</summary>
    public string Fault { get; set; } = "";

    /// <summary>Whether arms are still to answer.</summary>
    public bool UnderWay { get; set; } = true;

    /// <summary>Whether its prompt was taken unread from those that provoke.</summary>
    public bool PromptBlurred { get; init; }

    /// <summary>Whether anything in it is blurred until it is asked for; what could not be scored may be high-risk.</summary>
    public bool HasHighRisk => PromptBlurred || _answers.Any(answer => answer.Samples.Any(sample => !(sample.Score < answer.Threshold)));

    /// <summary>Every arm with its answer, null while there is none.</summary>
    public IEnumerable<(string Arm, ArmContinuations? Answer)> Arms =>
        arms.Select(arm => (arm, _answers.FirstOrDefault(answer => answer.Model.Arm == arm)));

    public void Add(ArmContinuations answer) => _answers.Add(answer);
}
