using Orleans.Concurrency;

namespace SlungOrleans.Contracts;

/// <summary>A study: expands its specification into runs and evaluations, watches them, has the comparison built. Key: the study's name.</summary>
[Alias("study")]
public interface IStudyGrain : IWorkGrain
{
    /// <summary>Launches the study. Launching an unfinished study again with the same specification goes on with it, even if it was paused.</summary>
    /// <param name="specification">A valid specification; its name is the grain's key.</param>
    /// <exception cref="LabException">There is another study of that name, or it has ended.</exception>
    [Alias("launch")]
    Task LaunchAsync(StudySpecification specification);

    /// <summary>Stops the study and what it has under way. Does nothing once it has ended. Returns how it stands.</summary>
    [Alias("cancel")]
    Task<StudyView> CancelAsync();

    /// <summary>
    /// Holds back the study and its runs and evaluations, which stop with a checkpoint; imports and tagging, which other studies may wait for, are
    /// not stopped. Does nothing once it has ended. Returns how it stands.
    /// </summary>
    [Alias("pause")]
    Task<StudyView> PauseAsync();

    /// <summary>Lets a paused study and all its paused runs and evaluations go on. Does nothing once it has ended. Returns how it stands.</summary>
    [Alias("resume")]
    Task<StudyView> ResumeAsync();

    /// <summary>
    /// Tries again what failed or was cancelled of the study, keeping what is done; if anything is made again the comparison is too. Does nothing
    /// where nothing failed. Returns how it stands.
    /// </summary>
    [Alias("retry")]
    Task<StudyView> RetryAsync();

    /// <summary>
    /// Trains all runs of a completed study on until they have so many steps in all (see <see cref="TrainingSpecification.ExtendTo"/>), evaluates
    /// them again, beside the evaluations there are, and builds the comparison anew. Does nothing where that is done or under way. Returns how it
    /// stands.
    /// </summary>
    /// <param name="steps">Steps in all.</param>
    /// <exception cref="LabException">It is not completed, has runs that are not, has more steps already, or cannot be trained on.</exception>
    [Alias("continue")]
    Task<StudyView> ContinueAsync(int steps);

    /// <summary>
    /// Takes in a study that another lab has completed, after its runs and evaluations were taken in; it can be looked at, and never run.
    /// </summary>
    /// <param name="study">The study; its <see cref="StudyView.Origin"/> says where from.</param>
    /// <exception cref="LabException">It is not completed, or there is a study of that name already.</exception>
    [Alias("import")]
    Task ImportAsync(StudyView study);

    /// <summary>What the study is and where it stands.</summary>
    [Alias("get"), ReadOnly, AlwaysInterleave]
    Task<StudyView> GetAsync();

    /// <summary>A piece of the study's work (an import, a tagging job, a run, an evaluation) has changed. One way; a lost call is made up for by the study's own timer.</summary>
    /// <param name="work">The work as it stands now.</param>
    [Alias("work-changed"), OneWay]
    Task WorkChangedAsync(WorkView work);
}
