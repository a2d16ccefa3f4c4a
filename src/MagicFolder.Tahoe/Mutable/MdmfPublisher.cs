using MagicFolder.Tahoe.Encryption;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>Builds the shares of a new version of an MDMF file in a single pass, segment by segment (tahoe-mutable, sections 5 to 7).</summary>
public static class MdmfPublisher
{
    /// <summary>
    /// Reads exactly the announced length of plaintext and writes salts and blocks to the streams; trees and heads, which depend on all of them, are in what is returned. Neither flushes nor
    /// closes. After a failure what the streams have got must be thrown away.
    /// </summary>
    /// <param name="keys">The identity of the file.</param>
    /// <param name="seqnum">1 for a new file, otherwise one more than the greatest seen.</param>
    /// <param name="plaintext">The content.</param>
    /// <param name="length">Of the content, in bytes; may be 0.</param>
    /// <param name="salts">Asked for 16 bytes for each segment, in their order. A salt that is used twice with these keys would reveal both contents.</param>
    /// <param name="shares">One stream for each of the n shares (at most 255), or null for one that is not wanted.</param>
    /// <param name="k">Needed shares, 1 to n.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="EndOfStreamException">The plaintext is shorter than announced.</exception>
    public static async Task<MdmfPublication> PublishAsync(
        MutableKeys keys, long seqnum, Stream plaintext, long length, IRandomSource salts, IReadOnlyList<Stream?> shares, int k, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(plaintext);
        ArgumentNullException.ThrowIfNull(salts);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfLessThan(seqnum, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var geometry = MdmfGeometry.ForWriting(k, length);
        var readKey = keys.WriteKey.ToReadKey();
        using var writer = new MdmfShareWriter(geometry, shares);
        byte[] segment = [];
        for (var s = 0; s < geometry.SegmentCount; s++)
        {
            var size = geometry.SizeOfSegment(s);
            segment = Padded(geometry, s, segment);
            await plaintext.ReadExactlyAsync(segment.AsMemory(0, size), cancel);
            await EncryptAsync(writer, s, segment, size, NewSalt(salts), readKey, cancel);
        }

        return writer.Finish(keys, seqnum);
    }

    internal static byte[] NewSalt(IRandomSource salts)
    {
        var salt = new byte[MdmfGeometry.SaltLength];
        salts.Fill(salt);
        return salt;
    }

    /// <summary>A buffer of the exact size of a padded segment, with zeros where the padding is; the former one if it fits.</summary>
    internal static byte[] Padded(MdmfGeometry geometry, int segment, byte[] former)
    {
        var size = geometry.SizeOfBlock(segment) * geometry.K;
        var buffer = former.Length == size ? former : new byte[size];
        buffer.AsSpan(geometry.SizeOfSegment(segment)..).Clear();
        return buffer;
    }

    /// <summary>Encrypts a padded segment in place and writes it.</summary>
    internal static ValueTask EncryptAsync(
        MdmfShareWriter writer, int number, byte[] padded, int size, byte[] salt, Capabilities.ReadKey readKey, CancellationToken cancel)
    {
        AesCtr.Transform(SegmentKey.Of(readKey, salt), 0, padded.AsSpan(0, size), padded.AsSpan(0, size));
        return writer.WriteSegmentAsync(number, salt, padded, cancel);
    }
}
