using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// One share of an MDMF file. First its sections are read, then the writer is verified, then the block hashes; blocks are untrusted when read. Safe for concurrent use once it is
/// verified.
/// </summary>
internal sealed class MdmfShareReader
{
    private readonly NumberedShare _share;
    private byte[] _blockHashes = [];

    private MdmfShareReader(NumberedShare share, MdmfHeader header) => (_share, Header) = (share, header);

    internal NumberedShare Share => _share;

    internal int Number => _share.Number;

    internal MdmfHeader Header { get; }

    internal required ReadOnlyMemory<byte> EncryptedPrivateKey { get; init; }

    internal required ReadOnlyMemory<byte> Chain { get; init; }

    internal required ReadOnlyMemory<byte> Signature { get; init; }

    internal required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>32 bytes for each segment, verified up to the signed root.</summary>
    internal ReadOnlySpan<byte> BlockHashes => _blockHashes;

    /// <summary>Reads everything that stands before the blocks: one read for shares as all writers make them.</summary>
    /// <exception cref="DamagedShareException">Truncated, of another version, or with contradictions.</exception>
    internal static async ValueTask<MdmfShareReader> OpenAsync(NumberedShare share, CancellationToken cancel)
    {
        var source = share.Source;
        var head = new byte[(int)Math.Min(MdmfHeader.UsualDataAt, source.Length)];
        await source.ReadAsync(0, head, cancel);
        var header = MdmfHeader.Parse(head, source.Length);
        return new MdmfShareReader(share, header)
        {
            EncryptedPrivateKey = await SectionAsync(header.PrivateKeyAt, header.ChainAt),
            Chain = await SectionAsync(header.ChainAt, header.SignatureAt),
            Signature = await SectionAsync(header.SignatureAt, header.PublicKeyAt),
            PublicKey = await SectionAsync(header.PublicKeyAt, header.PublicKeyEnd),
        };

        async ValueTask<ReadOnlyMemory<byte>> SectionAsync(long at, long end)
            => end <= head.Length ? head.AsMemory((int)at..(int)end) : await ReadAsync(source, at, (int)(end - at), cancel);
    }

    /// <summary>All shares of a version carry the same key and signature, so that one verification is enough for those that are equal.</summary>
    internal bool HasAuthorshipOf(MdmfShareReader other)
        => Same(Header.SignedBytes, other.Header.SignedBytes) && Same(Signature, other.Signature) && Same(PublicKey, other.PublicKey);

    internal void VerifyAuthorship(MutableVerifyCap cap) => ShareAuthorship.Verify(PublicKey.Span, Header.SignedBytes.Span, Signature.Span, cap);

    /// <summary>Reads the block hashes and verifies that they lead to the signed root. The inner nodes are computed instead of read.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadHashTree"/>.</exception>
    internal async ValueTask VerifyHashesAsync(CancellationToken cancel)
    {
        var count = Header.Geometry.SegmentCount;
        var leaves = count == 0 ? [] : await ReadAsync(_share.Source, Header.TreeAt + ((long)(MerkleTree.WidthFor(count) - 1) * Digest.Length), count * Digest.Length, cancel);
        if (!HashChain.Verify(Chain.Span, Number, Header.N, MerkleTree.FromLeaves(leaves).Root, Header.RootHash))
        {
            throw new DamagedShareException(ShareDamage.BadHashTree, $"The block hashes of share {Number} do not lead to the signed root.");
        }

        _blockHashes = leaves;
    }

    /// <summary>Reads salt and block of a segment and verifies them.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="saltAndBlock">As long as they are.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadBlock"/>.</exception>
    internal async ValueTask ReadBlockAsync(int segment, Memory<byte> saltAndBlock, CancellationToken cancel)
    {
        await _share.Source.ReadAsync(Header.DataAt + Header.Geometry.OffsetOf(segment), saltAndBlock, cancel);
        if (TaggedHash.Compute(HashTags.Block, saltAndBlock.Span) != Digest.From(_blockHashes.AsSpan(segment * Digest.Length, Digest.Length)))
        {
            throw new DamagedShareException(ShareDamage.BadBlock, $"Block {segment} of share {Number} is damaged.");
        }
    }

    internal static async ValueTask<byte[]> ReadAsync(IShareSource source, long offset, int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        await source.ReadAsync(offset, bytes, cancel);
        return bytes;
    }

    private static bool Same(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) => left.Span.SequenceEqual(right.Span);
}
