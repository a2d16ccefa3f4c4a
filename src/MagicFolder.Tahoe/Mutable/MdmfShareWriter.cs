using System.Buffers.Binary;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// Writes salts and blocks of consecutive segments to the streams of n shares, and makes the trees and heads that belong to them (tahoe-mutable, sections 5 to 7). Memory: the blocks of one segment, and
/// 32 bytes of hash for each block. Not safe for concurrent use.
/// </summary>
internal sealed class MdmfShareWriter : IDisposable
{
    private readonly MdmfGeometry _geometry;
    private readonly IReadOnlyList<Stream?> _shares;
    private readonly byte[][] _leaves;
    private readonly ReadOnlyMemory<byte>[] _salts;
    private readonly TaggedHasher _hasher = new(HashTags.Block);
    private readonly long _blocksAt;
    private long _written;

    /// <param name="geometry">Of the new version.</param>
    /// <param name="shares">n streams, or null where a share is not wanted.</param>
    /// <param name="firstSegment">The first one that is written.</param>
    internal MdmfShareWriter(MdmfGeometry geometry, IReadOnlyList<Stream?> shares, int firstSegment = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shares.Count, byte.MaxValue, nameof(shares));
        ArgumentOutOfRangeException.ThrowIfLessThan(shares.Count, geometry.K, nameof(shares));
        (_geometry, _shares) = (geometry, shares);
        _blocksAt = MdmfHeader.UsualDataAt + geometry.OffsetOf(firstSegment);
        _salts = new ReadOnlyMemory<byte>[shares.Count];
        _leaves = new byte[shares.Count][];
        for (var i = 0; i < _leaves.Length; i++)
        {
            _leaves[i] = new byte[geometry.SegmentCount * Digest.Length];
        }
    }

    /// <summary>Takes over the block hashes of segments that are not written: those of a former version, as far as there is room for them.</summary>
    internal void KeepHashes(int share, ReadOnlySpan<byte> former) => former[..Math.Min(former.Length, _leaves[share].Length)].CopyTo(_leaves[share]);

    /// <summary>Writes the next segment.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="padded">The ciphertext, padded with zeros to k times the size of a block. Must not change before the call has returned.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal async ValueTask WriteSegmentAsync(int segment, ReadOnlyMemory<byte> salt, byte[] padded, CancellationToken cancel)
    {
        var blocks = SdmfPublisher.BlocksOf(padded, _geometry.K, _shares.Count);
        _salts.AsSpan().Fill(salt);
        for (var i = 0; i < blocks.Length; i++)
        {
            var leaf = _leaves[i].AsSpan(segment * Digest.Length, Digest.Length);
            if (_geometry.K == 1 && i > 0)
            {
                _leaves[0].AsSpan(segment * Digest.Length, Digest.Length).CopyTo(leaf);
                continue;
            }

            _hasher.Append(salt.Span);
            _hasher.Append(blocks[i].Span);
            _hasher.Finish(leaf);
        }

        await ShareStreams.WriteAsync(_shares, _salts, 0, _salts.Length, cancel);
        await ShareStreams.WriteAsync(_shares, blocks, 0, blocks.Length, cancel);
        _written += salt.Length + blocks[0].Length;
    }

    /// <summary>Makes trees and heads, and signs.</summary>
    internal MdmfPublication Finish(MutableKeys keys, long seqnum)
        => Finish(
            root => SignedBytes(seqnum, root),
            signed => (keys.PublicKey, keys.Sign(signed.Span), ShareAuthorship.EncryptPrivateKey(keys)));

    /// <summary>Makes trees and heads under a signature that is there.</summary>
    /// <param name="former">A share of the version.</param>
    /// <param name="encryptedPrivateKey">To be copied.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadHashTree"/>: what was written is not what was signed.</exception>
    internal MdmfPublication FinishAs(MdmfShareReader former, ReadOnlyMemory<byte> encryptedPrivateKey)
        => Finish(
            root => root == former.Header.RootHash
                ? former.Header.SignedBytes
                : throw new DamagedShareException(ShareDamage.BadHashTree, "The shares made again are not those that were signed: the writer lied."),
            _ => (former.PublicKey, former.Signature, encryptedPrivateKey));

    public void Dispose() => _hasher.Dispose();

    private MdmfPublication Finish(
        Func<Digest, ReadOnlyMemory<byte>> sign,
        Func<ReadOnlyMemory<byte>, (ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> EncryptedKey)> authorship)
    {
        var trees = Array.ConvertAll(_leaves, leaves => MerkleTree.FromLeaves(leaves));
        var roots = new byte[trees.Length * Digest.Length];
        for (var i = 0; i < trees.Length; i++)
        {
            trees[i].Root.CopyTo(roots.AsSpan(i * Digest.Length));
        }

        var shareTree = MerkleTree.FromLeaves(roots);
        var signed = sign(shareTree.Root);
        var (publicKey, signature, encryptedKey) = authorship(signed);
        var heads = new ReadOnlyMemory<byte>[trees.Length];
        for (var i = 0; i < heads.Length; i++)
        {
            var chain = HashChain.Write(shareTree, MerkleTree.ChainOf(i, heads.Length, withLeaf: false));
            heads[i] = WriteHead([signed, encryptedKey, chain, signature, publicKey]);
        }

        return new MdmfPublication(
            BinaryPrimitives.ReadInt64BigEndian(signed.Span[1..]), shareTree.Root, _blocksAt, _written, MdmfHeader.UsualDataAt + _geometry.DataSize,
            Array.ConvertAll(trees, tree => tree.Serialized), heads);
    }

    private byte[] SignedBytes(long seqnum, Digest root)
    {
        var signed = new byte[MdmfHeader.SignedLength];
        signed[0] = 1;
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(1), seqnum);
        root.CopyTo(signed.AsSpan(9));
        signed[41] = (byte)_geometry.K;
        signed[42] = (byte)_shares.Count;
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(43), _geometry.SegmentSize);
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(51), _geometry.Length);
        return signed;
    }

    /// <summary>Header, the four sections tightly packed, zeros up to the blocks.</summary>
    private byte[] WriteHead(ReadOnlyMemory<byte>[] sections)
    {
        var head = new byte[MdmfHeader.UsualDataAt];
        sections[0].CopyTo(head);
        long at = MdmfHeader.HeaderLength;
        var offsetAt = MdmfHeader.SignedLength;
        foreach (var section in sections.AsSpan(1))
        {
            if (at + section.Length > head.Length)
            {
                throw new ArgumentException("The private key of this file is longer than the format has room for.", nameof(sections));
            }

            section.CopyTo(head.AsMemory((int)at));
            WriteOffset(at);
            at += section.Length;
        }

        WriteOffset(at);
        WriteOffset(head.Length);
        WriteOffset(head.Length + _geometry.DataSize);
        WriteOffset(head.Length + _geometry.DataSize + _geometry.TreeSize);
        return head;

        void WriteOffset(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(offsetAt), value);
            offsetAt += 8;
        }
    }
}
