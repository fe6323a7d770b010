namespace SlungOrleans.Grains;

/// <summary>The grain storage that a host must provide.</summary>
public static class GrainStorage
{
    /// <summary>Its name.</summary>
    public const string Name = "lab";
}
