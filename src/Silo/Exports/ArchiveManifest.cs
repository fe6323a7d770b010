namespace SlungOrleans.Silo.Exports;

/// <summary>What an archive holds. Its last entry, so that it can vouch for all others.</summary>
internal sealed record ArchiveManifest
{
    /// <summary>The version of this form that is written and read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>What tells an archive of this kind from any other.</summary>
    public const string StudyKind = "slungorleans-study";

    public required string Kind { get; init; }

    public required int FormatVersion { get; init; }

    /// <summary>The study's id.</summary>
    public required string Study { get; init; }

    /// <summary>The version of the lab that exported the study first.</summary>
    public required string Lab { get; init; }

    /// <summary>Every other entry, in the archive's order.</summary>
    public required ImmutableArray<ArchiveEntry> Entries { get; init; }
}

/// <summary>An entry of an archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length, expanded.</param>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
internal sealed record ArchiveEntry(string Name, long Bytes, string Sha256);
