namespace MagicFolder.Snapshots.Framing;

/// <summary>What is checked before anything is allocated for bytes from outside.</summary>
internal static class BlobLimits
{
    /// <summary>
    /// Bytes of the largest decoded blob: a chunk is at most 4 MiB, a tree node at most 1 MiB with a table of at most 4 MiB, a chunk list with its table
    /// less than 4 MiB.
    /// </summary>
    public const int MaxPlainLength = 8 * 1024 * 1024;

    /// <summary>Characters of the longest cap accepted; real ones have about 110.</summary>
    public const int MaxCapLength = 512;

    /// <summary>Bytes of the largest pack accepted.</summary>
    public const long MaxPackLength = 1L << 40;

    /// <summary>References of the largest table: more than fit into a tree node of the largest size.</summary>
    public const int MaxReferences = 32 * 1024;
}
