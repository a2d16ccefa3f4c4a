namespace MagicFolder.Tahoe.Immutable;

/// <summary>How an immutable file is encoded. Two clients make equal caps of equal files only if these are equal too.</summary>
public sealed record ChkParameters
{
    /// <summary>Readers refuse segments beyond this size: they must hold one in memory.</summary>
    public const int MaxSegmentSizeLimit = 64 * 1024 * 1024;

    /// <summary>The default of current Tahoe-LAFS.</summary>
    public const int DefaultMaxSegmentSize = 1024 * 1024;

    /// <summary>Of packs, from which single chunks are read.</summary>
    public const int PackSegmentSize = 128 * 1024;

    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ k ≤ n ≤ 256, or a segment size outside 1 to <see cref="MaxSegmentSizeLimit"/>.</exception>
    public ChkParameters(int k = 1, int n = 1, int maxSegmentSize = DefaultMaxSegmentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSegmentSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxSegmentSize, MaxSegmentSizeLimit);
        (K, N, MaxSegmentSize) = (k, n, maxSegmentSize);
    }

    public static ChkParameters Default { get; } = new();

    /// <summary>Packs: small segments, and no third hash over everything, which no reader looks at.</summary>
    public static ChkParameters Pack { get; } = new(maxSegmentSize: PackSegmentSize) { IncludeCiphertextHash = false };

    public int K { get; }

    public int N { get; }

    public int MaxSegmentSize { get; }

    /// <summary>
    /// Whether the optional hash over the whole ciphertext is written. Without it a third of the hashing is saved; with it the share is byte for byte what
    /// Tahoe-LAFS writes. It changes the cap.
    /// </summary>
    public bool IncludeCiphertextHash { get; init; } = true;
}
