using Orleans.Concurrency;

namespace SlungOrleans.Contracts;

/// <summary>A study: expands its specification into runs and evaluations, watches them, has the comparison built. Key: the study's name.</summary>
[Alias("study")]
public interface IStudyGrain : IWorkGrain
{
    /// <summary>Launches the study. Launching an unfinished study again with the same specification goes on with it.</summary>
    /// <param name="specification">A valid specification; its name is the grain's key.</param>
    /// <exception cref="LabException">There is another study of that name, or it has ended.</exception>
    [Alias("launch")]
    Task LaunchAsync(StudySpecification specification);

    /// <summary>Stops the study and what it has under way. Does nothing once it has ended.</summary>
    [Alias("cancel")]
    Task CancelAsync();

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
