namespace MagicFolder.Model.Blobs;

/// <summary>How the stored bytes of a blob became its plain bytes.</summary>
public enum BlobEncoding : byte
{
    /// <summary>Stored as they are.</summary>
    Plain = 0,

    /// <summary>One raw DEFLATE stream (RFC 1951).</summary>
    Deflate = 1,

    /// <summary>
    /// A frame stored as it is: the bytes that the id names, then a table of locations that no identity covers (docs/formats/pack.md, section 3).
    /// </summary>
    Framed = 2,

    /// <summary>One raw DEFLATE stream of a frame.</summary>
    FramedDeflate = 3,
}

/// <summary>
/// Where a blob lies: a hint, never identity. <paramref name="Offset"/> and <paramref name="StoredLength"/> are bytes within the plain
/// content of the pack; <paramref name="PlainLength"/> is the length after decoding.
/// </summary>
public readonly record struct BlobLocation(PackRef Pack, long Offset, int StoredLength, int PlainLength, BlobEncoding Encoding);
