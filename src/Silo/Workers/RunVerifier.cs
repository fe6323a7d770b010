using System.Text.Json;
using System.Text.Json.Serialization;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Artefacts;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>Replays a finished run's last steps, and keeps the verdict: as an artefact in full, and with the run in brief.</summary>
internal sealed class RunVerifier(Datasets datasets, Engines engines, IBlobStore store, IGrainFactory grains, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Verifies a run.</summary>
    /// <exception cref="LabException">There is no such run, or it is not completed.</exception>
    public async Task<ResumeCertificateView> VerifyAsync(string run, int threads, CancellationToken stop)
    {
        var view = await grains.GetGrain<ITrainingRunGrain>(Identifiers.Ensure(run, "run")).GetAsync();
        var specification = view.Specification ?? throw new LabException($"There is no run '{run}'.");
        if (view.Training.State != WorkState.Completed)
        {
            throw new LabException($"Run '{run}' is {view.Training.State.ToString().ToLowerInvariant()}; only a completed run can be verified.");
        }

        // The engine that trained it, or the bits could not be the same.
        var device = view.Training.Attempts is [.., { Device.Length: > 0 } last] ? last.Device : "cpu:0";
        return await Task.Factory.StartNew(() => VerifyAtEnd(run, specification, device, threads, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Verifies a run whose last step is done, on the calling thread and a device.</summary>
    public ResumeCertificateView VerifyAtEnd(string run, RunSpecification specification, string device, int threads, CancellationToken stop)
    {
        var recorded = MetricSegments.ReadAsync(store, run, 0, stop).GetAwaiter().GetResult();
        var certificate = Verify(run, specification, device, recorded.ToDictionary(point => point.Step, point => point.Loss), threads, stop);
        return KeepAsync(run, certificate, stop).GetAwaiter().GetResult();
    }

    private async Task<ResumeCertificateView> KeepAsync(string run, ResumeCertificate certificate, CancellationToken stop)
    {
        await store.WriteTextAsync(ArtefactNames.Certificate(run), JsonSerializer.Serialize(certificate, Json) + "\n", WriteCondition.None, stop);
        var brief = new ResumeCertificateView
        {
            Verdict = JsonNamingPolicy.KebabCaseLower.ConvertName(certificate.Verdict.ToString()),
            FromStep = certificate.FromStep,
            ToStep = certificate.ToStep,
            WeightsHash = certificate.WeightsHash,
            Message = certificate.Message,
            Made = time.GetUtcNow(),
        };
        await grains.GetGrain<ITrainingRunGrain>(run).CertifyAsync(brief);
        return brief;
    }

    private ResumeCertificate Verify(string run, RunSpecification specification, string device, Dictionary<long, double> recorded, int threads, CancellationToken stop)
    {
        var data = datasets.Load(specification.Dataset);
        var request = new TrainingRequest
        {
            Engine = engines.For(device, TrainingMapping.ToPrecision(specification.Training)),
            Model = TrainingMapping.ToModel(specification.Model, data.VocabularySize),
            Settings = TrainingMapping.ToSettings(specification.Training),
            Routing = TrainingMapping.ToRouting(specification.Arm),
            Data = data,
            DataName = specification.Dataset,
            Checkpoints = new CheckpointStore(store, ArtefactNames.Checkpoints(run)),
            Epoch = 0,
            Seed = (ulong)specification.Seed,
            Start = ModelFolders.ToStart(specification.Model),
            Threads = threads,
        };
        return ResumeVerification.Verify(request, recorded, stop);
    }
}
