using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// Writes a range of an MDMF file in place: only the touched segments get new salts and blocks, the block hashes of the others are kept, and header, chains, signature and trees are new
/// (tahoe-mutable, section 10).
/// </summary>
public static class MdmfUpdater
{
    /// <summary>Reads the segments at the ends of the range as far as the data does not cover them, and writes salts and blocks of all touched ones to the streams.</summary>
    /// <param name="version">The version to change; see <see cref="MdmfVersionShares.CanBeUpdated"/>. A server must replace no other one: compare its checkstring.</param>
    /// <param name="keys">The identity of the file.</param>
    /// <param name="seqnum">One more than the greatest seen.</param>
    /// <param name="offset">Where the data belongs: within the file, or at its end. Data may reach beyond the end; the file then becomes longer, and never shorter.</param>
    /// <param name="data">The new bytes.</param>
    /// <param name="count">How many there are, at least 1.</param>
    /// <param name="salts">Asked for 16 bytes for each touched segment, in their order.</param>
    /// <param name="blocks">One stream for each of the n shares, or null for one that is not wanted.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">This version cannot be updated in place.</exception>
    /// <exception cref="DamagedShareException">A segment at an end of the range cannot be read.</exception>
    /// <exception cref="EndOfStreamException">There is less data than announced.</exception>
    public static async Task<MdmfPublication> UpdateAsync(
        MdmfVersionShares version,
        MutableKeys keys,
        long seqnum,
        long offset,
        Stream data,
        long count,
        IRandomSource salts,
        IReadOnlyList<Stream?> blocks,
        CancellationToken cancel)
    {
        Check(version, keys, seqnum, offset, data, count, salts, blocks);
        var former = version.First.Header.Geometry;
        var geometry = MdmfGeometry.ForWriting(former.K, Math.Max(former.Length, checked(offset + count)));
        var first = (int)(offset / geometry.SegmentSize);
        var last = (int)((offset + count - 1) / geometry.SegmentSize);
        using var writer = new MdmfShareWriter(geometry, blocks, first);
        foreach (var reader in version.Readers)
        {
            writer.KeepHashes(reader.Number, reader.BlockHashes);
        }

        var old = new MdmfReader(version, keys.ToWriteCap(MutableFormat.Mdmf).ToReadCap());
        byte[] segment = [];
        for (var s = first; s <= last; s++)
        {
            var at = (long)s * geometry.SegmentSize;
            var size = geometry.SizeOfSegment(s);
            var from = (int)Math.Max(0, offset - at);
            var to = (int)Math.Min(size, offset + count - at);
            segment = MdmfPublisher.Padded(geometry, s, segment);
            var oldSize = s < former.SegmentCount ? former.SizeOfSegment(s) : 0;
            if (oldSize > 0 && (from > 0 || to < oldSize))
            {
                await old.ReadAsync(at, segment.AsMemory(0, oldSize), cancel);
            }

            await data.ReadExactlyAsync(segment.AsMemory(from..to), cancel);
            await MdmfPublisher.EncryptAsync(writer, s, segment, size, MdmfPublisher.NewSalt(salts), keys.WriteKey.ToReadKey(), cancel);
        }

        return writer.Finish(keys, seqnum);
    }

    private static void Check(
        MdmfVersionShares version, MutableKeys keys, long seqnum, long offset, Stream data, long count, IRandomSource salts, IReadOnlyList<Stream?> blocks)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(salts);
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(seqnum, version.Seqnum);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, version.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Count, version.N);
        if (!keys.PublicKey.Span.SequenceEqual(version.First.PublicKey.Span))
        {
            throw new ArgumentException("These are not the keys of this file.", nameof(keys));
        }

        if (!version.CanBeUpdated)
        {
            throw new InvalidOperationException("Not all shares of this version are there, or their layout is not the usual one: write the whole file again.");
        }
    }
}
