using System.Buffers;
using System.Buffers.Binary;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// Spreads ciphertext over n shares, which grow at the same pace: header, blocks of one segment after the other, hashes. Memory: a segment (with k = 1 up to sixteen short ones), the secondary blocks of one
/// group of shares, 32 bytes of hash per block. Not safe for concurrent use.
/// </summary>
internal sealed class ChkShareWriter : IDisposable
{
    /// <summary>Secondary blocks are made, hashed and written in groups of about this size, whatever k and n are.</summary>
    private const int GroupSize = 8 * 1024 * 1024;

    /// <summary>Segments that are their own blocks are hashed together as long as they are not longer than this.</summary>
    private const int MaxBatchedSegment = 256 * 1024;

    private readonly ChkGeometry _geometry;
    private readonly ChkShareLayout _layout;
    private readonly ArrayPool<byte> _buffers;
    private readonly ErasureCode _code;
    private readonly IReadOnlyList<Stream?> _shares;
    private readonly ChkEncodingHashes _hashes;
    private readonly ReadOnlyMemory<byte>[] _blocks;
    private readonly int _batch;
    private readonly int _group;
    private readonly byte[] _segment;
    private readonly byte[]? _secondary;

    /// <param name="geometry">Of the file.</param>
    /// <param name="shares">n streams, or null where a share is not wanted.</param>
    /// <param name="withWholeHash">Whether <see cref="ChkEncodingHashes.CiphertextHash"/> will be asked for.</param>
    /// <param name="buffers">Lends the memory; the shared pool by default.</param>
    internal ChkShareWriter(in ChkGeometry geometry, IReadOnlyList<Stream?> shares, bool withWholeHash, ArrayPool<byte>? buffers = null)
    {
        (_geometry, _shares, _layout) = (geometry, shares, LayoutFor(geometry, shares.Count));
        _buffers = buffers ?? ArrayPool<byte>.Shared;
        _code = ErasureCode.For(geometry.K, shares.Count);
        _hashes = new ChkEncodingHashes(geometry, shares.Count, withWholeHash);
        _blocks = new ReadOnlyMemory<byte>[shares.Count];

        // The first segment is the longest, and of a small file far below the segment size that somebody may have announced.
        var blockSize = geometry.SizeOfBlock(0);
        _batch = geometry.K == 1 && blockSize <= MaxBatchedSegment && Sha256Lanes.IsSupported ? Math.Min(Sha256Lanes.Count, geometry.SegmentCount) : 1;
        _segment = _buffers.Rent(blockSize * geometry.K * (_batch > 1 ? Sha256Lanes.Count : 1));
        _group = Math.Clamp(GroupSize / blockSize, 1, shares.Count);
        var secondary = geometry.K == 1 ? 0 : Math.Min(_group, shares.Count - geometry.K);
        _secondary = secondary > 0 ? _buffers.Rent(secondary * blockSize) : null;
    }

    internal static ChkShareLayout LayoutFor(in ChkGeometry geometry, int n)
        => ChkShareLayout.ForWriting(geometry, MerkleTree.ChainOf(0, n, withLeaf: true).Length);

    /// <summary>Exact length of a share whose URI extension block has the given length.</summary>
    internal static long ShareSizeFor(in ChkGeometry geometry, int n, int extensionLength)
    {
        var layout = LayoutFor(geometry, n);
        return layout.UriExtension + layout.LengthFieldSize + extensionLength;
    }

    /// <summary>Where the ciphertext of a segment is to be put before <see cref="WriteSegmentAsync"/>.</summary>
    internal Memory<byte> Segment(int number) => _segment.AsMemory(0, _geometry.SizeOfSegment(number));

    /// <summary>How many segments may be put side by side before <see cref="WriteSegmentsAsync"/>, from one on; the last one of the file is alone when it is shorter than the others.</summary>
    internal int CountFrom(int number) => Math.Clamp(_geometry.SegmentCount - number - (_geometry.TailSize == _geometry.SegmentSize ? 0 : 1), 1, _batch);

    /// <summary>Where their ciphertext is to be put.</summary>
    internal Memory<byte> Segments(int first, int count) => count == 1 ? Segment(first) : _segment.AsMemory(0, count * _geometry.SegmentSize);

    internal async ValueTask WriteSegmentsAsync(int first, int count, CancellationToken cancel)
    {
        if (count == 1)
        {
            await WriteSegmentAsync(first, cancel);
            return;
        }

        _hashes.AddCommonSegments(first, count, _geometry.SegmentSize, _segment);
        for (var i = 0; i < count; i++)
        {
            _blocks.AsSpan().Fill(_segment.AsMemory(i * _geometry.SegmentSize, _geometry.SegmentSize));
            await WriteBlocksAsync(0, _blocks.Length, cancel);
        }
    }

    internal ValueTask WriteHeaderAsync(CancellationToken cancel)
    {
        _blocks.AsSpan().Fill(_layout.WriteHeader(_geometry));
        return WriteBlocksAsync(0, _blocks.Length, cancel);
    }

    internal async ValueTask WriteSegmentAsync(int number, CancellationToken cancel)
    {
        var size = _geometry.SizeOfBlock(number);
        var padded = _segment.AsMemory(0, size * _geometry.K);
        padded.Span[_geometry.SizeOfSegment(number)..].Clear();
        _hashes.AddSegment(number, Segment(number).Span);
        if (_geometry.K == 1)
        {
            _blocks.AsSpan().Fill(padded);
            _hashes.AddCommonBlock(number, padded.Span);
            await WriteBlocksAsync(0, _blocks.Length, cancel);
            return;
        }

        for (var i = 0; i < _geometry.K; i++)
        {
            _blocks[i] = padded.Slice(i * size, size);
        }

        _hashes.AddBlocks(number, 0, _blocks.AsSpan(0, _geometry.K));
        await WriteBlocksAsync(0, _geometry.K, cancel);
        for (var first = _geometry.K; first < _blocks.Length; first += _group)
        {
            var count = Math.Min(_group, _blocks.Length - first);
            _code.Encode(padded.Span, first, count, _secondary.AsSpan(0, count * size));
            for (var i = 0; i < count; i++)
            {
                _blocks[first + i] = _secondary.AsMemory(i * size, size);
            }

            _hashes.AddBlocks(number, first, _blocks.AsSpan(first, count));
            await WriteBlocksAsync(first, count, cancel);
        }
    }

    /// <summary>Writes the hashes behind the blocks.</summary>
    /// <param name="makeExtension">The URI extension block that belongs to: the hash of the whole ciphertext if it was wanted, the ciphertext root, the share root.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal async ValueTask<byte[]> WriteHashesAsync(Func<Digest?, Digest, Digest, byte[]> makeExtension, CancellationToken cancel)
    {
        var ciphertextTree = _hashes.CiphertextTree();
        var blockTrees = _hashes.BlockTrees();
        var shareTree = MerkleTree.FromLeaves(Roots(blockTrees));
        var extension = makeExtension(_hashes.CiphertextHash(), ciphertextTree.Root, shareTree.Root);
        _blocks.AsSpan().Fill(new byte[ciphertextTree.Serialized.Length]);
        await WriteBlocksAsync(0, _blocks.Length, cancel);
        _blocks.AsSpan().Fill(ciphertextTree.Serialized);
        await WriteBlocksAsync(0, _blocks.Length, cancel);
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = blockTrees[i].Serialized;
        }

        await WriteBlocksAsync(0, _blocks.Length, cancel);
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = HashChain.Write(shareTree, MerkleTree.ChainOf(i, _blocks.Length, withLeaf: true));
        }

        await WriteBlocksAsync(0, _blocks.Length, cancel);
        _blocks.AsSpan().Fill(EndOf(extension));
        await WriteBlocksAsync(0, _blocks.Length, cancel);
        return extension;
    }

    public void Dispose()
    {
        _hashes.Dispose();
        _buffers.Return(_segment, clearArray: true);
        if (_secondary is not null)
        {
            _buffers.Return(_secondary);
        }
    }

    private static byte[] Roots(MerkleTree[] trees)
    {
        var roots = new byte[trees.Length * Digest.Length];
        for (var i = 0; i < trees.Length; i++)
        {
            trees[i].Root.CopyTo(roots.AsSpan(i * Digest.Length));
        }

        return roots;
    }

    private byte[] EndOf(byte[] extension)
    {
        var end = new byte[_layout.LengthFieldSize + extension.Length];
        BinaryPrimitives.WriteInt32BigEndian(end.AsSpan(_layout.LengthFieldSize - 4), extension.Length);
        extension.CopyTo(end, _layout.LengthFieldSize);
        return end;
    }

    private ValueTask WriteBlocksAsync(int first, int count, CancellationToken cancel) => ShareStreams.WriteAsync(_shares, _blocks, first, count, cancel);
}
