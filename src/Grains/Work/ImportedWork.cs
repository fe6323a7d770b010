using SlungOrleans.Contracts;

namespace SlungOrleans.Grains;

/// <summary>Work that another lab has done, as a record of this one.</summary>
internal static class ImportedWork
{
    /// <exception cref="LabException">The work has not ended.</exception>
    public static WorkRecord ToRecord(WorkView work)
    {
        var record = new WorkRecord
        {
            Kind = work.Kind,
            Key = work.Key,
            State = work.State,
            Epoch = work.Attempts.IsEmpty ? 0 : work.Attempts.Max(attempt => attempt.Epoch),
            Progress = work.Progress,
            Attempts = work.Attempts,
            Failures = work.Failures,
            Artefact = work.Artefact,
            Numbers = work.Numbers,
            Names = work.Names,
            Message = work.Message,
            Starts = work.Starts,
        };
        return record.HasEnded
            ? record
            : throw new LabException($"'{work.Key}' is {work.State.ToString().ToLowerInvariant()} in the lab that it comes from; only work that has ended can be imported.");
    }
}
