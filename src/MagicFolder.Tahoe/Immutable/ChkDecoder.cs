using System.Buffers;
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
    private byte[]? _kept;
    private int _keptNumber = -1;
    private int _keptInUse;

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
                await ReadPartAsync(segment, size, from, destination[..take], cancel);
            }

            destination = destination[take..];
            offset += take;
        }
    }

    /// <summary>
    /// Verifying needs the whole segment. The last one is kept, since small blobs lie side by side in packs; its buffer belongs to whoever has set
    /// <see cref="_keptInUse"/>. A reader that finds it in use goes its own way instead of waiting.
    /// </summary>
    private async ValueTask ReadPartAsync(int segment, int size, int from, Memory<byte> destination, CancellationToken cancel)
    {
        if (Interlocked.CompareExchange(ref _keptInUse, 1, 0) != 0)
        {
            var rented = ArrayPool<byte>.Shared.Rent(size);
            await ReadSegmentAsync(segment, rented.AsMemory(0, size), cancel);
            rented.AsSpan(from, destination.Length).CopyTo(destination.Span);
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            return;
        }

        try
        {
            if (_keptNumber != segment)
            {
                _keptNumber = -1;
                _kept ??= GC.AllocateUninitializedArray<byte>((int)Math.Min(_share.Geometry.SegmentSize, Size));
                await ReadSegmentAsync(segment, _kept.AsMemory(0, size), cancel);
                _keptNumber = segment;
            }

            _kept.AsSpan(from, destination.Length).CopyTo(destination.Span);
        }
        finally
        {
            Volatile.Write(ref _keptInUse, 0);
        }
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
}
