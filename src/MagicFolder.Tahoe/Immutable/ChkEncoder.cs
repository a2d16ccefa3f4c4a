using System.Buffers;
using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Erasure;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// Writes the shares of one immutable file in a single pass and constant memory (one segment, and 32 bytes of hash per block): all lengths are known before the first
/// byte, so that shares are written strictly from front to back, header first and hashes last (tahoe-immutable, section 7).
/// </summary>
public sealed class ChkEncoder
{
    private readonly AesKey _key;
    private readonly ChkParameters _parameters;
    private readonly ChkGeometry _geometry;
    private readonly ChkShareLayout _layout;
    private readonly IErasureCode _code;

    /// <param name="key">Random, or from <see cref="ConvergentKey"/>.</param>
    /// <param name="size">Size of the file in bytes, at least 1. Files of up to <see cref="LiteralCap.MaxSize"/> bytes are literals by convention.</param>
    /// <param name="parameters">The encoding.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.NeedsErasureCoding"/>.</exception>
    public ChkEncoder(AesKey key, long size, ChkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _code = ErasureCodes.For(parameters.K, parameters.N);
        (_key, _parameters) = (key, parameters);
        _geometry = ChkGeometry.ForWriting(size, parameters);
        _layout = ChkShareLayout.ForWriting(_geometry, MerkleTree.ChainOf(0, parameters.N, withLeaf: true).Length);
        ShareSize = _layout.UriExtension + _layout.LengthFieldSize + WriteUriExtension(default, default, default).Length;
    }

    /// <summary>Exact length of every share in bytes.</summary>
    public long ShareSize { get; }

    public StorageIndex StorageIndex => _key.ToStorageIndex();

    /// <summary>The only share of a 1-of-1 file.</summary>
    public Task<ChkCap> EncodeAsync(Stream plaintext, Stream share, CancellationToken cancel) => EncodeAsync(plaintext, [share], cancel);

    /// <summary>
    /// Reads exactly the announced size of plaintext, writes <see cref="ShareSize"/> bytes to each of the n shares, and gives the cap. Neither flushes nor
    /// closes. After a failure the shares are incomplete and must be thrown away.
    /// </summary>
    /// <exception cref="EndOfStreamException">The plaintext is shorter than announced.</exception>
    public async Task<ChkCap> EncodeAsync(Stream plaintext, IReadOnlyList<Stream> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count != _parameters.N)
        {
            throw new ArgumentException($"There are {_parameters.N} shares to write, not {shares.Count}.", nameof(shares));
        }

        var header = _layout.WriteHeader(_geometry);
        foreach (var share in shares)
        {
            await share.WriteAsync(header, cancel);
        }

        using var hashes = new ChkEncodingHashes(_geometry, _parameters);
        await EncodeSegmentsAsync(plaintext, shares, hashes, cancel);
        return await WriteHashesAsync(shares, hashes, cancel);
    }

    private async Task EncodeSegmentsAsync(Stream plaintext, IReadOnlyList<Stream> shares, ChkEncodingHashes hashes, CancellationToken cancel)
    {
        using var cipher = new AesCtr(_key);
        var blocks = new ReadOnlyMemory<byte>[_parameters.N];
        var buffer = ArrayPool<byte>.Shared.Rent(_geometry.SegmentSize);
        try
        {
            for (var s = 0; s < _geometry.SegmentCount; s++)
            {
                var segment = buffer.AsMemory(0, _geometry.SizeOfSegment(s));
                var padded = buffer.AsMemory(0, _geometry.SizeOfBlock(s) * _parameters.K);
                await plaintext.ReadExactlyAsync(segment, cancel);
                cipher.Transform((long)s * _geometry.SegmentSize, segment.Span, segment.Span);
                padded.Span[segment.Length..].Clear();
                _code.Encode(padded, blocks);
                hashes.Add(segment.Span, blocks);
                for (var i = 0; i < blocks.Length; i++)
                {
                    await shares[i].WriteAsync(blocks[i], cancel);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private async Task<ChkCap> WriteHashesAsync(IReadOnlyList<Stream> shares, ChkEncodingHashes hashes, CancellationToken cancel)
    {
        var ciphertextTree = hashes.CiphertextTree();
        var blockTrees = hashes.BlockTrees();
        var shareTree = MerkleTree.FromLeaves(Roots(blockTrees));
        var extension = WriteUriExtension(hashes.CiphertextHash(), ciphertextTree.Root, shareTree.Root);
        var obsolete = new byte[ciphertextTree.Serialized.Length];
        var end = WriteEnd(extension);
        for (var i = 0; i < shares.Count; i++)
        {
            await shares[i].WriteAsync(obsolete, cancel);
            await shares[i].WriteAsync(ciphertextTree.Serialized, cancel);
            await shares[i].WriteAsync(blockTrees[i].Serialized, cancel);
            await shares[i].WriteAsync(HashChain.Write(shareTree, MerkleTree.ChainOf(i, shares.Count, withLeaf: true)), cancel);
            await shares[i].WriteAsync(end, cancel);
        }

        return new ChkCap(_key, TaggedHash.Compute(HashTags.UriExtension, extension), _parameters.K, _parameters.N, _geometry.Size);
    }

    private byte[] WriteUriExtension(Digest ciphertextHash, Digest ciphertextRoot, Digest shareRoot)
        => UriExtension.Write(_geometry, _parameters.N, _parameters.IncludeCiphertextHash ? ciphertextHash : null, ciphertextRoot, shareRoot);

    private byte[] WriteEnd(byte[] extension)
    {
        var end = new byte[_layout.LengthFieldSize + extension.Length];
        BinaryPrimitives.WriteInt32BigEndian(end.AsSpan(_layout.LengthFieldSize - 4), extension.Length);
        extension.CopyTo(end, _layout.LengthFieldSize);
        return end;
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
}
