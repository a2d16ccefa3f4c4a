using System.Buffers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Erasure;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// An immutable file that is read from its shares: any range, verified before it is given out. Safe for concurrent use. Holds 32 bytes of hashes per segment, as many for each share
/// in use, and the last segment of which only a part was wanted.
/// </summary>
public sealed class ChkDecoder
{
    private readonly AesKey _key;
    private readonly ChkShares _shares;
    private readonly ChkCiphertext _ciphertext;
    private readonly ChkGeometry _geometry;
    private byte[]? _kept;
    private int _keptNumber = -1;
    private int _keptInUse;

    private ChkDecoder(AesKey key, ChkShares shares)
    {
        (_key, _shares, _ciphertext) = (key, shares, new ChkCiphertext(shares));
        _geometry = shares.Facts.Geometry;
    }

    /// <summary>Size of the file in bytes.</summary>
    public long Size => _geometry.Size;

    /// <summary>
    /// What was wrong with shares so far, at most one entry for each. Shares that were not needed were not looked at, nor was what a reader has no use for.
    /// </summary>
    public IReadOnlyList<ShareTrouble> Troubles => _shares.Troubles;

    /// <summary>Verifies the hashes of k shares against the cap: those with the lowest numbers that verify.</summary>
    /// <param name="cap">The file.</param>
    /// <param name="shares">
    /// At least k of them with different numbers, and any spare ones, also several of one number. A share that is damaged, or whose source throws, is passed over for
    /// another, now and while the file is read. The sources of different shares are read at the same time.
    /// </param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">
    /// <see cref="ShareDamage.TooFewShares"/>. If only one share was given and one is enough: what is wrong with it, be it damage or what its source throws.
    /// </exception>
    public static async ValueTask<ChkDecoder> OpenAsync(ChkCap cap, IReadOnlyList<NumberedShare> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfZero(shares.Count);
        return new ChkDecoder(cap.Key, await ChkShares.OpenAsync(cap.ToVerifyCap(), shares, cancel));
    }

    /// <summary>Fills <paramref name="destination"/> with plain bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not wholly within the file.</exception>
    /// <exception cref="DamagedShareException">A segment cannot be had from k shares, as for <see cref="OpenAsync"/>, or the encoder lied. What is in <paramref name="destination"/> then must not be used.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        var segmentSize = _geometry.SegmentSize;
        while (!destination.IsEmpty)
        {
            var segment = (int)(offset / segmentSize);
            var from = (int)(offset % segmentSize);
            var size = _geometry.SizeOfSegment(segment);
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
    /// The same, but the segments may not be verified, so that also parts of them cost no more than themselves: for whoever verifies the bytes anyhow, and goes to <see cref="ReadAsync"/> when they
    /// are wrong, which then finds out why.
    /// </summary>
    public async ValueTask ReadUnverifiedAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        if (_shares.Single is not { } share)
        {
            await ReadAsync(offset, destination, cancel);
            return;
        }

        // With k = 1 the blocks of a share are the ciphertext.
        await share.ReadDataAsync(offset, destination, cancel);
        AesCtr.Transform(_key, offset, destination.Span, destination.Span);
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
                _kept ??= GC.AllocateUninitializedArray<byte>((int)Math.Min(_geometry.SegmentSize, Size));
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

    /// <summary>With k = 1 the block is the segment: nothing to gather, and the segment hash proves it. Why it failed is found out by the long way.</summary>
    private async ValueTask ReadSegmentAsync(int segment, Memory<byte> destination, CancellationToken cancel)
    {
        var isSound = false;
        if (_shares.Single is { } share)
        {
            try
            {
                await share.ReadBlockAsync(segment, destination, cancel);
                isSound = share.Facts.IsSegment(segment, destination.Span);
            }
            catch (Exception) when (!cancel.IsCancellationRequested)
            {
                // Like damage.
            }
        }

        if (!isSound)
        {
            await _ciphertext.ReadSegmentAsync(segment, destination, cancel);
        }

        AesCtr.Transform(_key, (long)segment * _geometry.SegmentSize, destination.Span, destination.Span);
    }
}
