using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

internal static class BlobEncodingExtensions
{
    /// <summary>Is the decoded blob a frame, in which a table of locations follows what the id names?</summary>
    public static bool IsFramed(this BlobEncoding encoding) => encoding is BlobEncoding.Framed or BlobEncoding.FramedDeflate;

    public static bool IsDeflated(this BlobEncoding encoding) => encoding is BlobEncoding.Deflate or BlobEncoding.FramedDeflate;
}
