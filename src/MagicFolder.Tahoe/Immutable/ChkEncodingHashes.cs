using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>The hashes that accumulate while a file is encoded: per segment, per block and share, and over the whole ciphertext.</summary>
internal sealed class ChkEncodingHashes : IDisposable
{
    /// <summary>With fewer messages one after the other is as fast.</summary>
    private const int LanesFrom = Sha256Lanes.Count / 2;

    private readonly TaggedHasher _segmentHasher = new(HashTags.CiphertextSegment);
    private readonly TaggedHasher _blockHasher = new(HashTags.Block);
    private readonly TaggedHasher? _wholeHasher;
    private readonly byte[] _segmentLeaves;
    private readonly byte[][] _blockLeaves;

    internal ChkEncodingHashes(in ChkGeometry geometry, int n, bool withWhole)
    {
        _wholeHasher = withWhole ? new TaggedHasher(HashTags.Ciphertext) : null;
        _segmentLeaves = new byte[geometry.SegmentCount * Digest.Length];
        _blockLeaves = new byte[n][];
        for (var i = 0; i < _blockLeaves.Length; i++)
        {
            _blockLeaves[i] = new byte[_segmentLeaves.Length];
        }
    }

    public void Dispose()
    {
        _segmentHasher.Dispose();
        _blockHasher.Dispose();
        _wholeHasher?.Dispose();
    }

    /// <summary>The next segment, in their order, without padding.</summary>
    internal void AddSegment(int number, ReadOnlySpan<byte> segment)
    {
        _segmentHasher.Append(segment);
        _segmentHasher.Finish(LeafOf(_segmentLeaves, number));
        _wholeHasher?.Append(segment);
    }

    /// <summary>Blocks of a segment, with padding, that go to the shares from <paramref name="first"/>.</summary>
    internal void AddBlocks(int segment, int first, ReadOnlySpan<ReadOnlyMemory<byte>> blocks)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            _blockHasher.Append(blocks[i].Span);
            _blockHasher.Finish(LeafOf(_blockLeaves[first + i], segment));
        }
    }

    /// <summary>The one block that all shares get.</summary>
    internal void AddCommonBlock(int segment, ReadOnlySpan<byte> block)
    {
        _blockHasher.Append(block);
        _blockHasher.Finish(LeafOf(_blockLeaves[0], segment));
        foreach (var leaves in _blockLeaves.AsSpan(1))
        {
            LeafOf(_blockLeaves[0], segment).CopyTo(LeafOf(leaves, segment));
        }
    }

    /// <summary>Segments that are their own blocks (k = 1) and have one length, side by side: sixteen at a time in lanes, if there are enough of them.</summary>
    /// <param name="first">Number of the first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="length">Of one in bytes.</param>
    /// <param name="buffer">Begins with them. Behind them it has whatever it has, up to sixteen times the length.</param>
    internal void AddCommonSegments(int first, int count, int length, ReadOnlySpan<byte> buffer)
    {
        if (!Sha256Lanes.IsSupported || count < LanesFrom || length < Sha256Lanes.MinLength || buffer.Length < Sha256Lanes.Count * length)
        {
            for (var i = 0; i < count; i++)
            {
                AddSegment(first + i, buffer.Slice(i * length, length));
                AddCommonBlock(first + i, buffer.Slice(i * length, length));
            }

            return;
        }

        _wholeHasher?.Append(buffer[..(count * length)]);
        Span<byte> hashes = stackalloc byte[Sha256Lanes.Count * Digest.Length];
        _segmentHasher.ComputeLanes(buffer, length, hashes);
        hashes[..(count * Digest.Length)].CopyTo(_segmentLeaves.AsSpan(first * Digest.Length));
        _blockHasher.ComputeLanes(buffer, length, hashes);
        foreach (var leaves in _blockLeaves)
        {
            hashes[..(count * Digest.Length)].CopyTo(leaves.AsSpan(first * Digest.Length));
        }
    }

    internal MerkleTree CiphertextTree() => MerkleTree.FromLeaves(_segmentLeaves);

    internal MerkleTree[] BlockTrees() => Array.ConvertAll(_blockLeaves, leaves => MerkleTree.FromLeaves(leaves));

    /// <summary>To be asked once, at the end.</summary>
    internal Digest? CiphertextHash() => _wholeHasher?.Finish();

    private static Span<byte> LeafOf(byte[] leaves, int number) => leaves.AsSpan(number * Digest.Length, Digest.Length);
}
