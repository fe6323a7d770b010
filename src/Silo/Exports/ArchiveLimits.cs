namespace SlungOrleans.Silo.Exports;

/// <summary>What an archive may be at most. A small file can expand to any size; these are checked while it is expanded, whatever it says of itself.</summary>
internal sealed record ArchiveLimits
{
    /// <summary>Entries.</summary>
    public int Entries { get; init; } = 100_000;

    /// <summary>Bytes of the archive itself.</summary>
    public long ArchiveBytes { get; init; } = 4L << 30;

    /// <summary>Bytes of an entry, expanded: it is read whole.</summary>
    public long EntryBytes { get; init; } = 256L << 20;

    /// <summary>How many times its own length an archive may expand to; small archives are not held to it.</summary>
    public int Expansion { get; init; } = 100;

    /// <summary>An archive may always expand to so much.</summary>
    public long SmallBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that an archive of a length may expand to.</summary>
    public long BytesOf(long length) => Math.Max(SmallBytes, length > long.MaxValue / Expansion ? long.MaxValue : length * Expansion);
}
