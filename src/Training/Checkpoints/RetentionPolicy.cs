using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>
/// Which checkpoints of a run are kept. One is kept for any of the reasons here, or because it is pinned or in use. Where the budget does not
/// suffice, those kept for being one of every n steps go first, then the best, then the latest, the oldest (of the best: the worst) first.
/// The newest, pinned ones and those in use are kept whatever the budget.
/// </summary>
public sealed record RetentionPolicy
{
    /// <summary>How many of the latest; at least 1. With one, a damaged checkpoint has no other to fall back on.</summary>
    public int Latest { get; init; } = 2;

    /// <summary>Those whose step is a multiple of this; 0 for none.</summary>
    public long EverySteps { get; init; }

    /// <summary>How many of those with the lowest score: the loss of their last step, unless they were given another.</summary>
    public int Best { get; init; }

    /// <summary>Bytes that all together may take up; null for any. What is being written comes on top until it is committed.</summary>
    public long? BudgetBytes { get; init; }

    /// <summary>Everything that is out of its range, each in a few words that begin with the setting's name.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        Require(Latest >= 1, nameof(Latest), Latest, "at least 1");
        Require(EverySteps >= 0, nameof(EverySteps), EverySteps, "at least 0");
        Require(Best >= 0, nameof(Best), Best, "at least 0");
        Require(BudgetBytes is null or > 0, nameof(BudgetBytes), BudgetBytes ?? 0, "above 0");
        return faults;

        void Require(bool holds, string setting, long found, string expected)
        {
            if (!holds)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{setting} is {found}, expected {expected}"));
            }
        }
    }

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of its range; the message names every fault.</exception>
    internal void Validate()
    {
        IReadOnlyList<string> faults = FindFaults();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The retention policy cannot be used: {string.Join("; ", faults)}.");
        }
    }
}

/// <summary>Why a checkpoint is kept.</summary>
[Flags]
public enum RetentionReasons
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>The last that was committed.</summary>
    Newest = 1,

    /// <summary>One of the latest.</summary>
    Latest = 2,

    /// <summary>One of every n steps.</summary>
    EveryNth = 4,

    /// <summary>One of those with the lowest score.</summary>
    Best = 8,

    /// <summary>A person keeps it.</summary>
    Pinned = 16,

    /// <summary>A resume or an evaluation reads it.</summary>
    InUse = 32,

    /// <summary>A person has chosen others.</summary>
    NotChosen = 64,
}
