namespace SlungOrleans.Contracts;

/// <summary>Which grains live in memory, and where.</summary>
public interface IGrainActivations
{
    /// <summary>Activations per silo and type of grain, in order of their names; silos without activations are left out.</summary>
    Task<ImmutableArray<GrainActivations>> CountAsync();
}

/// <summary>Activations of one type of grain on one silo.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="GrainType">The type, for example <c>trainingrun</c>.</param>
/// <param name="Count">How many; at least 1.</param>
public sealed record GrainActivations(string Silo, string GrainType, int Count);
