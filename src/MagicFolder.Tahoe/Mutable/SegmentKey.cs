using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The key of one segment of a mutable file (tahoe-mutable, section 2).</summary>
internal static class SegmentKey
{
    /// <param name="readKey">Of the file.</param>
    /// <param name="salt">16 bytes: the IV of an SDMF version, or the salt of an MDMF segment.</param>
    internal static AesKey Of(ReadKey readKey, ReadOnlySpan<byte> salt)
    {
        Span<byte> read = stackalloc byte[ReadKey.Length];
        readKey.CopyTo(read);
        Span<byte> key = stackalloc byte[AesKey.Length];
        TaggedHash.ComputePair(HashTags.ReadKeyToDataKey, salt, read, key);
        return AesKey.From(key);
    }
}
