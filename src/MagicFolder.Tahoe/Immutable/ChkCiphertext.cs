using System.Buffers;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// The segments of a file before decryption, gathered from k of its shares and verified. Whoever repairs works with this, without the key. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The segment hash alone proves a segment, and a wrong block makes a wrong segment or a wrong padding. So block hashes are computed only when that has failed, or when one of
/// the shares was already seen to be damaged: to tell which of them is to blame, and go on with others.
/// </remarks>
internal sealed class ChkCiphertext(ChkShares shares)
{
    internal ChkFileFacts Facts => shares.Facts;

    /// <summary>Fills <paramref name="destination"/> with a segment, which it is as long as.</summary>
    /// <exception cref="DamagedShareException">See the reason. What is in <paramref name="destination"/> then must not be used.</exception>
    internal async ValueTask ReadSegmentAsync(int segment, Memory<byte> destination, CancellationToken cancel)
    {
        var padded = Facts.Geometry.SizeOfBlock(segment) * Facts.Geometry.K;
        if (padded == destination.Length)
        {
            await GatherAsync(segment, destination, destination.Length, cancel);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(padded);
        await GatherAsync(segment, rented.AsMemory(0, padded), destination.Length, cancel);
        rented.AsSpan(0, destination.Length).CopyTo(destination.Span);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }

    private async ValueTask GatherAsync(int segment, Memory<byte> slots, int size, CancellationToken cancel)
    {
        var held = new ChkCandidate?[Facts.Geometry.K];
        Dictionary<ChkCandidate, Exception>? failed = null;
        for (var withBlockHashes = false; ;)
        {
            var selection = shares.Select(failed);
            withBlockHashes |= selection.IsDoubtful;
            failed = await ReadBlocksAsync(selection, held, segment, slots, withBlockHashes, failed, cancel);
            if (!held.AsSpan().SequenceEqual(selection.Slots))
            {
                continue;
            }

            selection.Decoding?.Decode(slots.Span);
            var isSegment = Facts.IsSegment(segment, slots.Span[..size]);
            if (isSegment && (withBlockHashes || slots.Span[size..].IndexOfAnyExcept((byte)0) < 0))
            {
                return;
            }

            if (withBlockHashes)
            {
                throw new DamagedShareException(ShareDamage.BadSegment, $"Segment {segment} is not the one that was encoded: the encoder lied.");
            }

            // Decoding has overwritten blocks, so all are read once more.
            withBlockHashes = true;
            Array.Clear(held);
        }
    }

    /// <summary>Reads into each slot the block that is not there yet, all at the same time. Slots whose share fails hold nothing afterwards.</summary>
    private async ValueTask<Dictionary<ChkCandidate, Exception>?> ReadBlocksAsync(
        ChkSelection selection,
        ChkCandidate?[] held,
        int segment,
        Memory<byte> slots,
        bool withBlockHashes,
        Dictionary<ChkCandidate, Exception>? failed,
        CancellationToken cancel)
    {
        var size = Facts.Geometry.SizeOfBlock(segment);
        var results = new ValueTask<Exception?>[held.Length];
        for (var slot = 0; slot < held.Length; slot++)
        {
            var candidate = selection.Slots[slot];
            results[slot] = held[slot] == candidate
                ? default
                : TryReadBlockAsync(candidate, segment, slots.Slice(slot * size, size), withBlockHashes, cancel);
        }

        // Every read is waited for, also after a failure: the buffer must not go back while somebody still writes to it.
        for (var slot = 0; slot < held.Length; slot++)
        {
            var error = await results[slot];
            held[slot] = error is null ? selection.Slots[slot] : null;
            if (error is not null)
            {
                (failed ??= [])[selection.Slots[slot]] = error;
            }
        }

        cancel.ThrowIfCancellationRequested();
        return failed;
    }

    private async ValueTask<Exception?> TryReadBlockAsync(
        ChkCandidate candidate, int segment, Memory<byte> block, bool withBlockHash, CancellationToken cancel)
    {
        if (candidate.Reader is null && await shares.TryOpenAsync(candidate, cancel) is { } refusal)
        {
            return refusal;
        }

        try
        {
            await candidate.Reader!.ReadBlockAsync(segment, block, cancel);
            return !withBlockHash || candidate.Reader.IsBlock(segment, block.Span)
                ? null
                : shares.Remember(candidate, new DamagedShareException(ShareDamage.BadBlock, $"Block {segment} of the share is damaged."), cancel);
        }
        catch (Exception e)
        {
            return shares.Remember(candidate, e, cancel);
        }
    }
}
