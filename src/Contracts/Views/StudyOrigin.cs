namespace SlungOrleans.Contracts;

/// <summary>Where a study that was not run here came from.</summary>
[GenerateSerializer, Alias("study-origin")]
public sealed record StudyOrigin
{
    /// <summary>The version of the lab that exported it first.</summary>
    [Id(0)] public string Lab { get; init; } = "";

    /// <summary>SHA-256 of the archive that it was imported from, in lower-case hexadecimal.</summary>
    [Id(1)] public string Archive { get; init; } = "";

    /// <summary>The name of that file.</summary>
    [Id(3)] public string File { get; init; } = "";

    /// <summary>When it was imported.</summary>
    [Id(2)] public DateTimeOffset Imported { get; init; }
}
