using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>A version of a mutable object, of either format, ready to be sent to servers.</summary>
/// <param name="Seqnum">From 1.</param>
/// <param name="RootHash">Root of the share hash tree.</param>
/// <param name="Checkstring">With which all its shares begin.</param>
/// <param name="Shares">What is to be written to share i of n, at index i.</param>
/// <param name="ShareLength">Of each share, in bytes.</param>
/// <param name="IsWhole">False if only what differs from the version before is written, so that it can be written to nothing else.</param>
internal sealed record VersionToWrite(
    long Seqnum, Digest RootHash, ReadOnlyMemory<byte> Checkstring, IReadOnlyList<IReadOnlyList<WriteVector>> Shares, long ShareLength, bool IsWhole)
{
    public int N => Shares.Count;

    public static VersionToWrite Of(SdmfPublication publication) => new(
        publication.Seqnum, publication.RootHash, publication.Checkstring, [.. publication.Shares.Select(share => (WriteVector[])[new WriteVector(0, share)])],
        publication.Shares[0].Length, IsWhole: true);

    /// <param name="publication">The version.</param>
    /// <param name="blocks">What it has written to the streams of the shares.</param>
    /// <param name="isWhole">It is not an update in place.</param>
    public static VersionToWrite Of(MdmfPublication publication, MemoryStream[] blocks, bool isWhole) => new(
        publication.Seqnum, publication.RootHash, publication.Checkstring,
        [.. blocks.Select((stream, share) => (WriteVector[])[.. publication.WritesOf(share, stream.GetBuffer().AsMemory(0, (int)stream.Length)).Select(write => new WriteVector(write.Offset, write.Bytes))])],
        publication.ShareLength, isWhole);
}
