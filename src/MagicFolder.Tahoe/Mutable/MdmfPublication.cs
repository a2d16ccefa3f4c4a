using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// A version of an MDMF file, ready to be sent to servers: what the streams have got, the trees and the heads. A server takes all of a share in one request, or nothing.
/// </summary>
/// <param name="Seqnum">From 1.</param>
/// <param name="RootHash">Root of the share hash tree.</param>
/// <param name="BlocksAt">Where in the shares that belongs which the streams have got: salts and blocks, of all segments or of those that were touched.</param>
/// <param name="BlocksLength">How much each stream has got, in bytes.</param>
/// <param name="TreeAt">Where the trees belong.</param>
/// <param name="Trees">The block hash tree of share i of n at index i.</param>
/// <param name="Heads">What stands in front of the blocks of share i, from its first byte, at index i.</param>
public sealed record MdmfPublication(
    long Seqnum,
    Digest RootHash,
    long BlocksAt,
    long BlocksLength,
    long TreeAt,
    IReadOnlyList<ReadOnlyMemory<byte>> Trees,
    IReadOnlyList<ReadOnlyMemory<byte>> Heads)
{
    /// <summary>What a later test-and-set that replaces this version compares; the same in all shares.</summary>
    public ReadOnlyMemory<byte> Checkstring => Heads[0][..MdmfHeader.CheckstringLength];

    /// <summary>Of each share, in bytes. What a container holds behind it is left from a longer version.</summary>
    public long ShareLength => TreeAt + Trees[0].Length;

    /// <summary>What is to be written to a share. The pieces do not overlap.</summary>
    /// <param name="share">Its number.</param>
    /// <param name="blocks">What its stream has got.</param>
    public IReadOnlyList<MdmfWrite> WritesOf(int share, ReadOnlyMemory<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Length, BlocksLength);
        return [new MdmfWrite(BlocksAt, blocks), new MdmfWrite(TreeAt, Trees[share]), new MdmfWrite(0, Heads[share])];
    }

    public override string ToString() => $"MdmfPublication(seqnum {Seqnum}, {Heads.Count} shares)";
}
