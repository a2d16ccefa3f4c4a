using System.Buffers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// A version of an MDMF file that is read from its shares: any range, each block verified up to the signed root before it is given out (tahoe-mutable, sections 6 and 7). Holds no
/// segment between calls: who reads small pieces reads whole segments each time. Safe for concurrent use.
/// </summary>
public sealed class MdmfReader : IMutableReader
{
    private readonly MdmfSegments _segments;
    private readonly ReadKey _readKey;

    /// <param name="version">From a map that was verified with the same file's cap.</param>
    /// <param name="cap">The file.</param>
    public MdmfReader(MdmfVersionShares version, MutableReadCap cap)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(cap);
        (_segments, _readKey) = (new MdmfSegments(version), cap.ReadKey);
    }

    /// <summary>Of the plaintext, in bytes.</summary>
    public long Size => _segments.Geometry.Length;

    /// <summary>What was wrong with blocks so far, at most one entry for each share. Shares that were not needed were not looked at.</summary>
    public IReadOnlyList<ShareTrouble> Troubles => _segments.Troubles;

    /// <summary>Fills <paramref name="destination"/> with plain bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not wholly within the file.</exception>
    /// <exception cref="DamagedShareException">A segment cannot be had from k shares. What is in <paramref name="destination"/> then must not be used.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - destination.Length);
        var geometry = _segments.Geometry;
        var rented = ArrayPool<byte>.Shared.Rent(destination.IsEmpty ? 1 : geometry.SizeOfBlock((int)(offset / geometry.SegmentSize)) * geometry.K);
        try
        {
            while (!destination.IsEmpty)
            {
                var segment = (int)(offset / geometry.SegmentSize);
                var from = (int)(offset % geometry.SegmentSize);
                var take = Math.Min(destination.Length, geometry.SizeOfSegment(segment) - from);
                await DecryptAsync(segment, from, destination[..take], rented.AsMemory(0, geometry.SizeOfBlock(segment) * geometry.K), cancel);
                destination = destination[take..];
                offset += take;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask DecryptAsync(int segment, int from, Memory<byte> destination, Memory<byte> padded, CancellationToken cancel)
    {
        var salt = new byte[MdmfGeometry.SaltLength];
        await _segments.ReadAsync(segment, padded, salt, cancel);
        AesCtr.Transform(SegmentKey.Of(_readKey, salt), from, padded.Span.Slice(from, destination.Length), destination.Span);
    }
}
