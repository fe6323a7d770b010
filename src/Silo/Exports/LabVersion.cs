using System.Reflection;

namespace SlungOrleans.Silo.Exports;

/// <summary>The version of this lab.</summary>
internal static class LabVersion
{
    /// <summary>The version, with the commit that it was built of where the build knows it.</summary>
    public static string Text { get; } =
        $"SlungOrleans {typeof(LabVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of an unknown version"}";
}
