using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// The decision of a read-test-write request over the shares of a slot, without effects (specification of the storage server, section 10).
/// </summary>
internal static class MutableSlot
{
    /// <summary>Evaluates <paramref name="request"/> against the shares as they are.</summary>
    /// <returns>Null if the write enabler is not the one recorded; otherwise the answer, and what to put in place of each written share (null: delete it).</returns>
    public static SlotChange? Decide(
        IReadOnlyDictionary<int, MutableContainer> shares,
        ReadTestWriteRequest request,
        Digest enabler,
        LeaseSecrets lease,
        uint expiration,
        ReadOnlySpan<byte> nodeId)
    {
        foreach (var share in shares.Values)
        {
            if (!share.HasWriteEnabler(enabler))
            {
                return null;
            }
        }

        var data = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>();
        foreach (var (number, share) in shares)
        {
            data[number] = [.. request.Reads.Select(read => Clip(share.Data, read.Offset, read.Size))];
        }

        if (!request.Shares.All(write => Passes(shares.GetValueOrDefault(write.Number), write.Tests)))
        {
            return new SlotChange(new ReadTestWriteResult(Success: false, data), []);
        }

        var replaced = new Dictionary<int, MutableContainer?>();
        foreach (var write in request.Shares)
        {
            if (write.NewLength == 0)
            {
                replaced[write.Number] = null;
                continue;
            }

            var before = shares.GetValueOrDefault(write.Number) ?? MutableContainer.Create(nodeId, enabler);
            replaced[write.Number] = before.WithData(Apply(before.Data, write)).WithLease(lease, expiration, nodeId);
        }

        return new SlotChange(new ReadTestWriteResult(Success: true, data), replaced);
    }

    private static bool Passes(MutableContainer? share, IReadOnlyList<TestVector> tests)
    {
        var data = share?.Data ?? ReadOnlyMemory<byte>.Empty;
        foreach (var test in tests)
        {
            if (!Clip(data, test.Offset, test.Size).Span.SequenceEqual(test.Specimen.Span))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlyMemory<byte> Clip(ReadOnlyMemory<byte> data, long offset, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return offset >= data.Length ? ReadOnlyMemory<byte>.Empty : data.Slice((int)offset, (int)Math.Min(size, data.Length - offset));
    }

    private static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> before, ShareWrite write)
    {
        long length = before.Length;
        foreach (var (offset, bytes) in write.Writes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            // Subtracting keeps a huge offset from wrapping around.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, MutableContainer.MaximumDataLength - (long)bytes.Length);
            length = Math.Max(length, offset + bytes.Length);
        }

        var after = new byte[length];
        before.CopyTo(after);
        foreach (var (offset, bytes) in write.Writes)
        {
            bytes.CopyTo(after.AsMemory((int)offset));
        }

        return write.NewLength is { } cut && cut < length ? after.AsMemory(0, (int)cut) : after;
    }
}

/// <summary>The answer to a request and what it changes.</summary>
internal sealed record SlotChange(ReadTestWriteResult Result, Dictionary<int, MutableContainer?> Replaced);
