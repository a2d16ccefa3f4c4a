using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>The hashes that accumulate while a file is encoded: per segment, per block and share, and over the whole ciphertext.</summary>
internal sealed class ChkEncodingHashes : IDisposable
{
    private readonly TaggedHasher _segmentHasher = new(HashTags.CiphertextSegment);
    private readonly TaggedHasher _blockHasher = new(HashTags.Block);
    private readonly TaggedHasher? _wholeHasher;
    private readonly byte[] _segmentLeaves;
    private readonly byte[][] _blockLeaves;
    private int _filled;

    internal ChkEncodingHashes(in ChkGeometry geometry, ChkParameters parameters)
    {
        _wholeHasher = parameters.IncludeCiphertextHash ? new TaggedHasher(HashTags.Ciphertext) : null;
        _segmentLeaves = new byte[geometry.SegmentCount * Digest.Length];
        _blockLeaves = new byte[parameters.N][];
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

    /// <summary>The next segment without padding, and its blocks with it.</summary>
    internal void Add(ReadOnlySpan<byte> segment, ReadOnlySpan<ReadOnlyMemory<byte>> blocks)
    {
        _segmentHasher.Append(segment);
        _segmentHasher.Finish(_segmentLeaves.AsSpan(_filled, Digest.Length));
        for (var i = 0; i < blocks.Length; i++)
        {
            _blockHasher.Append(blocks[i].Span);
            _blockHasher.Finish(_blockLeaves[i].AsSpan(_filled, Digest.Length));
        }

        _wholeHasher?.Append(segment);
        _filled += Digest.Length;
    }

    internal MerkleTree CiphertextTree() => MerkleTree.FromLeaves(_segmentLeaves);

    internal MerkleTree[] BlockTrees() => Array.ConvertAll(_blockLeaves, leaves => MerkleTree.FromLeaves(leaves));

    /// <summary>To be asked once, at the end.</summary>
    internal Digest CiphertextHash() => _wholeHasher?.Finish() ?? default;
}
