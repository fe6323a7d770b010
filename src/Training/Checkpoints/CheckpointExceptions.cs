using System.Globalization;

namespace SlungOrleans.Training;

/// <summary>A checkpoint cannot be used by this run: another format version, another model, other settings. Trying again cannot help.</summary>
/// <param name="message">What was found, what is expected.</param>
public sealed class CheckpointMismatchException(string message) : Exception(message);

/// <summary>A newer attempt has begun: this one may not commit any more.</summary>
/// <param name="epoch">This attempt's epoch.</param>
/// <param name="newer">The newer attempt's.</param>
public sealed class EpochSupersededException(long epoch, long newer)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The attempt of epoch {epoch} may not commit: one of epoch {newer} has begun."))
{
    /// <summary>The newer attempt's epoch.</summary>
    public long Newer { get; } = newer;
}

/// <summary>A plan to delete checkpoints does not hold any more; nothing was deleted.</summary>
/// <param name="message">What has changed.</param>
public sealed class RetentionPlanException(string message) : Exception(message);

/// <summary>What a checkpoint consists of is torn or altered: an earlier checkpoint is taken.</summary>
internal sealed class DamagedCheckpointException(string message, Exception? cause = null) : Exception(message, cause);
