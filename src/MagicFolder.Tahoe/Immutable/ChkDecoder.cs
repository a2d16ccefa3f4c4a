using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Erasure;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// An immutable file that is read from its shares: any range, verified before it is given out. Safe for concurrent use. Holds 64 bytes of hashes per segment, and the
/// last segment of which only a part was wanted.
/// </summary>
public sealed class ChkDecoder
{
    private readonly AesKey _key;
    private readonly ChkShareReader _share;
    private PlainSegment? _last;

    private ChkDecoder(AesKey key, ChkShareReader share) => (_key, _share) = (key, share);

    /// <summary>Size of the file in bytes.</summary>
    public long Size => _share.Geometry.Size;

    /// <summary>Verifies the hashes of the shares against the cap.</summary>
    /// <param name="cap">The file.</param>
    /// <param name="shares">At least k of them, with different numbers. More are spare: one that does not verify is passed over.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">No share verifies; the reason is that of the last one tried. Or <see cref="ShareDamage.NeedsErasureCoding"/>.</exception>
    public static async ValueTask<ChkDecoder> OpenAsync(ChkCap cap, IReadOnlyList<NumberedShare> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfZero(shares.Count);
        ErasureCodes.For(cap.K, cap.N);
        var verifyCap = cap.ToVerifyCap();
        for (var i = 0; ; i++)
        {
            try
            {
                return new ChkDecoder(cap.Key, await ChkShareReader.OpenAsync(verifyCap, shares[i], cancel));
            }
            catch (DamagedShareException) when (i < shares.Count - 1)
            {
                // With k = 1 any sound share will do; the failure of the last one is the caller's.
            }
        }
    }

    /// <summary>Fills <paramref name="destination"/> with plain bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not wholly within the file.</exception>
    /// <exception cref="DamagedShareException">A segment does not verify. What is in <paramref name="destination"/> then must not be used.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        var segmentSize = _share.Geometry.SegmentSize;
        while (!destination.IsEmpty)
        {
            var segment = (int)(offset / segmentSize);
            var from = (int)(offset % segmentSize);
            var size = _share.Geometry.SizeOfSegment(segment);
            var take = Math.Min(destination.Length, size - from);
            if (take == size)
            {
                await ReadSegmentAsync(segment, destination[..size], cancel);
            }
            else
            {
                var plain = await GetSegmentAsync(segment, size, cancel);
                plain.AsSpan(from, take).CopyTo(destination.Span);
            }

            destination = destination[take..];
            offset += take;
        }
    }

    /// <summary>
    /// A whole segment for a read that wants a part of it. The last one is kept, since small blobs lie side by side in packs. Its bytes never change, so readers
    /// share it without a lock.
    /// </summary>
    private async ValueTask<byte[]> GetSegmentAsync(int segment, int size, CancellationToken cancel)
    {
        if (Volatile.Read(ref _last) is { } last && last.Number == segment)
        {
            return last.Bytes;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        await ReadSegmentAsync(segment, bytes, cancel);
        Volatile.Write(ref _last, new PlainSegment(segment, bytes));
        return bytes;
    }

    /// <summary>
    /// With k = 1 the block is the segment, and the segment hash alone proves it. The block hash would only tell who is to blame, so it is computed when the
    /// segment hash has failed.
    /// </summary>
    private async ValueTask ReadSegmentAsync(int segment, Memory<byte> destination, CancellationToken cancel)
    {
        await _share.ReadBlockAsync(segment, destination, cancel);
        if (!_share.IsSegment(segment, destination.Span))
        {
            throw _share.IsBlock(segment, destination.Span)
                ? new DamagedShareException(ShareDamage.BadSegment, $"Segment {segment} is not the one that was encoded: the encoder lied.")
                : new DamagedShareException(ShareDamage.BadBlock, $"Block {segment} of the share is damaged.");
        }

        AesCtr.Transform(_key, (long)segment * _share.Geometry.SegmentSize, destination.Span, destination.Span);
    }

    private sealed record PlainSegment(int Number, byte[] Bytes);
}
