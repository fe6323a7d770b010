using System.Reflection;
using SlungOrleans.Contracts;
using SlungOrleans.Silo.Advice;
using SlungOrleans.Silo.Hosting;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Specifications;

/// <inheritdoc cref="IStudyLauncher"/>
internal sealed class StudyLauncher(IGrainFactory grains, TrainingMemory memory) : IStudyLauncher
{
    private const string ResourcePrefix = "samples/";
    private const string First = "quickstart";

    public ImmutableArray<SampleStudy> Samples { get; } = ReadSamples();

    public ImmutableArray<ArmSpecification> KnownArms => Specifications.KnownArms.All;

    public string Write(StudySpecification specification) => StudyYaml.Write(specification);

    public StudyReading Read(string yaml) => StudyYaml.Read(yaml);

    public async Task<string> LaunchAsync(StudySpecification specification)
    {
        var faults = StudyValidation.Faults(specification);
        if (!faults.IsEmpty)
        {
            throw new LabException(string.Join(Environment.NewLine, faults));
        }

        if (!GrainHosting.IsCluster)
        {
            // In a cluster the machine that trains is another one; it refuses by itself.
            try
            {
                memory.EnsureFits(specification with { Model = ModelFolders.Resolve(specification.Model, hash: false) });
            }
            catch (DeviceException failure)
            {
                throw new LabException($"The study was not launched: {failure.Message}");
            }
        }

        // Reads whole files, of gigabytes perhaps.
        specification = specification with
        {
            Data = specification.Data with { Tagger = await Task.Run(() => FastTextFingerprint.Add(specification.Data.Tagger)) },
            Model = await Task.Run(() => ModelFolders.Resolve(specification.Model)),
        };
        await grains.GetGrain<IStudyGrain>(specification.Name).LaunchAsync(specification);
        return specification.Name;
    }

    private static ImmutableArray<SampleStudy> ReadSamples()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(name => new SampleStudy(Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]), ReadResource(assembly, name)))
                .OrderBy(sample => sample.Name == First ? 0 : 1)
                .ThenBy(sample => sample.Name, StringComparer.Ordinal),
        ];
    }

    private static string ReadResource(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
