namespace MagicFolder.Snapshots.Packing;

/// <summary>How much a <see cref="BlobReader"/> keeps.</summary>
public sealed record BlobReaderOptions
{
    public static readonly BlobReaderOptions Default = new();

    /// <summary>Opened packs.</summary>
    public int MaxOpenPacks { get; init; } = 16;

    /// <summary>Windows of 1 MiB.</summary>
    public int MaxWindows { get; init; } = 16;
}
