namespace MagicFolder.Snapshots.Packing;

/// <summary>The fixed bytes of a pack (docs/formats/pack.md, section 1).</summary>
internal static class PackFormat
{
    public const int Version = 1;

    /// <summary>"mfpack" and the version as two big-endian bytes.</summary>
    public const int HeaderLength = 8;

    /// <summary>Offset of the index (8 bytes), its length (4 bytes), both big-endian, and "mfpack.i", 8 bytes.</summary>
    public const int TrailerLength = 20;

    /// <summary>Bytes of the largest index accepted: more than a million blobs of 60 bytes.</summary>
    public const int MaxIndexLength = 64 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "mfpack"u8;

    public static ReadOnlySpan<byte> EndMagic => "mfpack.i"u8;
}
