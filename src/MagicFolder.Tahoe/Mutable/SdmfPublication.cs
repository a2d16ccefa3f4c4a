using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>A version of an SDMF file, ready to be sent to servers.</summary>
/// <param name="Seqnum">From 1.</param>
/// <param name="RootHash">Root of the share hash tree.</param>
/// <param name="Shares">Share i of n at index i; servers take each whole, at offset 0.</param>
public sealed record SdmfPublication(long Seqnum, Digest RootHash, IReadOnlyList<ReadOnlyMemory<byte>> Shares)
{
    /// <summary>What a later test-and-set that replaces this version compares; the same in all shares.</summary>
    public ReadOnlyMemory<byte> Checkstring => Shares[0][..SdmfShare.CheckstringLength];

    public override string ToString() => $"SdmfPublication(seqnum {Seqnum}, {Shares.Count} shares)";
}
