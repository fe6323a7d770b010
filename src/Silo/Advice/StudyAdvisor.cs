using Microsoft.Extensions.Options;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Advice;

/// <inheritdoc cref="IStudyAdvisor"/>
internal sealed class StudyAdvisor(TrainingSpeeds speeds, TrainingMemory memory, Engines engines, AuditPreviews previews, IGrainFactory grains, IBlobStore store, IOptions<LabOptions> options) : IStudyAdvisor
{
    public async Task<StudyCost> EstimateAsync(StudySpecification study, CancellationToken cancellation)
    {
        study = Resolve(study);
        var parameters = ModelSize.Parameters(study.Model, TrainingMapping.VocabularyOf(study));
        var checkpoint = ModelSize.CheckpointBytes(parameters);
        var taken = memory.Of(study);
        var pool = await grains.GetGrain<IDevicePoolGrain>(Identifiers.Default).GetAsync();
        return new StudyCost(
            parameters,
            study.Arms.Length * study.Seeds.Length * study.Amounts.Length,
            (long)study.Training.Steps * study.Training.BatchSize * study.Model.SequenceLength,
            await speeds.FindAsync(study),
            pool.Workers.Sum(worker => worker.Devices.Count(device => DeviceName.Serves(device, study.Training.Device))),
            checkpoint,
            ModelSize.Checkpoints(study.Training, checkpoint),
            store is LocalBlobStore ? new DriveInfo(options.Value.Data).AvailableFreeSpace : null)
        {
            RunMemoryBytes = taken?.Machine,
            MachineMemoryBytes = GrainHosting.IsCluster ? null : memory.MachineBytes,
            DeviceMemory = taken?.Device is { } onDevice
                ? new DeviceMemory(engines.FirstFor(study.Training).Capabilities.Device, onDevice, GrainHosting.IsCluster ? null : (engines.FirstFor(study.Training) as IDeviceMemory)?.AvailableBytes())
                : null,
        };
    }

    public Task<TrainingSpeed> MeasureSpeedAsync(StudySpecification study, CancellationToken cancellation)
    {
        Ensure(study);
        return speeds.TryAsync(Resolve(study), cancellation);
    }

    public Task<AuditPreview> PreviewAuditAsync(StudySpecification study, CancellationToken cancellation)
    {
        Ensure(study);
        return previews.MakeAsync(study, cancellation);
    }

    /// <summary>The study with what its model's folder decides.</summary>
    private static StudySpecification Resolve(StudySpecification study) => study with { Model = ModelFolders.Resolve(study.Model, hash: false) };

    private static void Ensure(StudySpecification study)
    {
        var faults = StudyValidation.Faults(study);
        if (!faults.IsEmpty)
        {
            throw new LabException(string.Join(Environment.NewLine, faults));
        }
    }
}
