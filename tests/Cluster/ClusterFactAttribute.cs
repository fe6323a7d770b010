using SlungOrleans.Cluster.Tests.Machines;

namespace SlungOrleans.Cluster.Tests;

/// <summary>A test on silos of a build with <c>-p:UseOrleans=true</c> and a real PostgreSQL; skipped, with the reason, where one is missing.</summary>
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = SiloProcess.ReasonToSkipCluster ?? PostgreSql.ReasonToSkip;

    /// <summary>Whether the test's silos share an Azure Blob Storage.</summary>
    public bool OnAzure
    {
        get => false;
        set => Skip ??= value ? Azurite.ReasonToSkip : null;
    }
}
