namespace Orleans.Runtime;

/// <summary>Counts the activations of this process. Orleans has a management grain for a whole cluster; of one process a service is enough.</summary>
public sealed class ActivationStatistics
{
    private readonly ActivationDirectory _directory;

    internal ActivationStatistics(ActivationDirectory directory) => _directory = directory;

    /// <summary>Activations that there are now, by type of grain; types without any are left out.</summary>
    public IReadOnlyDictionary<GrainType, int> CountByType() => _directory.CountByType();
}
