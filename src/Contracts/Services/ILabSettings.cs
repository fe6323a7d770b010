namespace SlungOrleans.Contracts;

/// <summary>The settings that a silo runs with. They are its configuration's: reading them is all that can be done.</summary>
public interface ILabSettings
{
    /// <summary>Every setting, in the order in which they are documented.</summary>
    ImmutableArray<LabSetting> Settings { get; }

    /// <summary>What is odd about them, each in one sentence, for example a name that is none. What is wrong keeps a silo from starting.</summary>
    ImmutableArray<string> Faults { get; }
}

/// <summary>A setting.</summary>
/// <param name="Name">Its full name, for example <c>Lab:Devices</c>.</param>
/// <param name="Value">Its value as people write it; of a secret only whether there is one. Null if it is not set.</param>
/// <param name="Source">Where the value comes from, in a few words.</param>
/// <param name="IsDefault">Whether nobody has set it.</param>
public sealed record LabSetting(string Name, string? Value, string Source, bool IsDefault);
