using System.Buffers.Text;
using System.Text;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// The URI extension block: what a reader must know about the encoding besides the cap, whose hash binds it (tahoe-immutable, section 6). Only the mandatory
/// fields are read; the cap is the authority for the others.
/// </summary>
internal sealed record UriExtension(long SegmentSize, Digest CiphertextRoot, Digest ShareRoot)
{
    /// <summary>Real blocks take about 300 bytes.</summary>
    internal const int MaxLength = 16 * 1024;

    /// <summary>The whole block as writers write it. Its length does not depend on the hashes.</summary>
    /// <param name="geometry">Of the file.</param>
    /// <param name="n">Total shares.</param>
    /// <param name="ciphertextHash">Null leaves that optional field out.</param>
    /// <param name="ciphertextRoot">Root of the tree of segment hashes.</param>
    /// <param name="shareRoot">Root of the tree of block tree roots.</param>
    internal static byte[] Write(in ChkGeometry geometry, int n, Digest? ciphertextHash, Digest ciphertextRoot, Digest shareRoot)
    {
        var k = geometry.K;
        using var block = new MemoryStream();
        Append(block, "codec_name", "crs"u8);
        Append(block, "codec_params", $"{geometry.SegmentSize}-{k}-{n}");
        if (ciphertextHash is { } whole)
        {
            Append(block, "crypttext_hash", whole.ToArray());
        }

        Append(block, "crypttext_root_hash", ciphertextRoot.ToArray());
        Append(block, "needed_shares", $"{k}");
        Append(block, "num_segments", $"{geometry.SegmentCount}");
        Append(block, "segment_size", $"{geometry.SegmentSize}");
        Append(block, "share_root_hash", shareRoot.ToArray());
        Append(block, "size", $"{geometry.Size}");
        Append(block, "tail_codec_params", $"{geometry.PaddedTailSize}-{k}-{n}");
        Append(block, "total_shares", $"{n}");
        return block.ToArray();
    }

    /// <summary>Reads leniently: unknown fields are ignored, and of repeated ones the last counts.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadUriExtension"/>.</exception>
    internal static UriExtension Parse(ReadOnlySpan<byte> block)
    {
        long? segmentSize = null;
        Digest? ciphertextRoot = null;
        Digest? shareRoot = null;
        while (TryReadField(ref block, out var name, out var value))
        {
            if (name.SequenceEqual("segment_size"u8))
            {
                segmentSize = ReadNumber(value);
            }
            else if (name.SequenceEqual("crypttext_root_hash"u8))
            {
                ciphertextRoot = ReadHash(value);
            }
            else if (name.SequenceEqual("share_root_hash"u8))
            {
                shareRoot = ReadHash(value);
            }
            else if (name.SequenceEqual("crypttext_hash"u8))
            {
                ReadHash(value);
            }
        }

        return segmentSize is { } size && ciphertextRoot is { } ciphertext && shareRoot is { } share
            ? new UriExtension(size, ciphertext, share)
            : throw Bad("a mandatory field is missing");
    }

    /// <summary>What a reader overlooks and a verifier does not: the fields that only repeat what the cap and the segment size say.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.BadUriExtension"/>: one of them contradicts.</exception>
    internal static void CheckRepetitions(ReadOnlySpan<byte> block, in ChkGeometry geometry, int n)
    {
        while (TryReadField(ref block, out var name, out var value))
        {
            var field = Encoding.ASCII.GetString(name);
            var expected = field switch
            {
                "codec_name" => "crs",
                "codec_params" => $"{geometry.SegmentSize}-{geometry.K}-{n}",
                "needed_shares" => $"{geometry.K}",
                "num_segments" => $"{geometry.SegmentCount}",
                "size" => $"{geometry.Size}",
                "tail_codec_params" => $"{geometry.PaddedTailSize}-{geometry.K}-{n}",
                "total_shares" => $"{n}",
                _ => null,
            };
            if (expected is not null && Encoding.ASCII.GetString(value) != expected)
            {
                throw Bad($"the field {field} contradicts the cap");
            }
        }
    }

    /// <summary>False at the end.</summary>
    private static bool TryReadField(ref ReadOnlySpan<byte> block, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (block.IsEmpty)
        {
            return false;
        }

        var colon = block.IndexOf((byte)':');
        if (colon < 1)
        {
            throw Bad("a field has no name");
        }

        name = block[..colon];
        block = block[(colon + 1)..];
        return Netstring.TryRead(ref block, out value) ? true : throw Bad("a field is not a netstring");
    }

    private static void Append(MemoryStream block, string name, string value) => Append(block, name, Encoding.ASCII.GetBytes(value));

    private static void Append(MemoryStream block, string name, ReadOnlySpan<byte> value)
    {
        block.Write(Encoding.ASCII.GetBytes(name));
        block.WriteByte((byte)':');
        Span<byte> netstring = stackalloc byte[64];
        block.Write(netstring[..Netstring.Write(value, netstring)]);
    }

    private static long ReadNumber(ReadOnlySpan<byte> value)
        => Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length && char.IsAsciiDigit((char)value[0])
            ? number
            : throw Bad("a number is not decimal");

    private static Digest ReadHash(ReadOnlySpan<byte> value)
        => value.Length == Digest.Length ? Digest.From(value) : throw Bad("a hash does not have 32 bytes");

    private static DamagedShareException Bad(string what) => new(ShareDamage.BadUriExtension, $"The URI extension block is damaged: {what}.");
}
