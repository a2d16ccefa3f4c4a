using System.Buffers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// Writes the shares of one immutable file in a single pass and constant memory (one segment, or with k = 1 up to sixteen of at most 256 KiB, at most 8 MiB of secondary blocks or one such block, and 32 bytes of hash per
/// block): all lengths are known before the first byte, so that shares are written strictly from front to back, header first and hashes last (tahoe-immutable, section 7).
/// </summary>
public sealed class ChkEncoder
{
    private readonly AesKey _key;
    private readonly ChkParameters _parameters;
    private readonly ArrayPool<byte>? _buffers;
    private readonly ChkGeometry _geometry;

    /// <param name="key">Random, or from <see cref="ConvergentKey"/>.</param>
    /// <param name="size">Size of the file in bytes, at least 1. Files of up to <see cref="LiteralCap.MaxSize"/> bytes are literals by convention.</param>
    /// <param name="parameters">The encoding.</param>
    /// <param name="buffers">Lends the memory; the shared pool by default, which keeps some for each thread.</param>
    public ChkEncoder(AesKey key, long size, ChkParameters parameters, ArrayPool<byte>? buffers = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_key, _parameters, _buffers) = (key, parameters, buffers);
        _geometry = ChkGeometry.ForWriting(size, parameters);
        ShareSize = ChkShareWriter.ShareSizeFor(_geometry, parameters.N, WriteUriExtension(default(Digest), default, default).Length);
    }

    /// <summary>Exact length of every share in bytes.</summary>
    public long ShareSize { get; }

    public StorageIndex StorageIndex => _key.ToStorageIndex();

    /// <summary>The only share of a 1-of-1 file.</summary>
    public Task<ChkCap> EncodeAsync(Stream plaintext, Stream share, CancellationToken cancel) => EncodeAsync(plaintext, [share], cancel);

    /// <summary>
    /// Reads exactly the announced size of plaintext, writes <see cref="ShareSize"/> bytes to each of the wanted shares, and gives the cap. Neither flushes nor
    /// closes. After a failure the shares are incomplete and must be thrown away.
    /// </summary>
    /// <param name="plaintext">The file.</param>
    /// <param name="shares">
    /// One stream for each of the n shares, or null for one that is not wanted; its hashes are computed all the same, since every share tells of them. Streams are written to at the same
    /// time, a segment at a time. One that fails ends all: who wants the others to go on gives streams that keep their failure to themselves.
    /// </param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="EndOfStreamException">The plaintext is shorter than announced.</exception>
    public async Task<ChkCap> EncodeAsync(Stream plaintext, IReadOnlyList<Stream?> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count != _parameters.N)
        {
            throw new ArgumentException($"There are {_parameters.N} shares to write, not {shares.Count}.", nameof(shares));
        }

        using var writer = new ChkShareWriter(_geometry, shares, _parameters.IncludeCiphertextHash, _buffers);
        using var cipher = new AesCtr(_key);
        await writer.WriteHeaderAsync(cancel);
        for (int s = 0, count; s < _geometry.SegmentCount; s += count)
        {
            count = writer.CountFrom(s);
            var segments = writer.Segments(s, count);
            await plaintext.ReadExactlyAsync(segments, cancel);
            cipher.Transform((long)s * _geometry.SegmentSize, segments.Span, segments.Span);
            await writer.WriteSegmentsAsync(s, count, cancel);
        }

        var extension = await writer.WriteHashesAsync(WriteUriExtension, cancel);
        return new ChkCap(_key, TaggedHash.Compute(HashTags.UriExtension, extension), _parameters.K, _parameters.N, _geometry.Size);
    }

    private byte[] WriteUriExtension(Digest? ciphertextHash, Digest ciphertextRoot, Digest shareRoot)
        => UriExtension.Write(_geometry, _parameters.N, _parameters.IncludeCiphertextHash ? ciphertextHash : null, ciphertextRoot, shareRoot);
}
