namespace MagicFolder.Snapshots.Fetching;

/// <summary>How much one fetch may bring before it is taken for an attack.</summary>
public sealed record FetchLimits
{
    public static readonly FetchLimits Default = new();

    /// <summary>Tree nodes of one fetch. A node holds about 32 entries.</summary>
    public long MaxNodes { get; init; } = 4_000_000;

    /// <summary>Bytes of all tree nodes of one fetch.</summary>
    public long MaxBytes { get; init; } = 16L << 30;
}
