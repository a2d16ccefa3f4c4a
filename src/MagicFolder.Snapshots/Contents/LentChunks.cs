using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>Reads chunks from a lender, and believes it nothing.</summary>
internal static class LentChunks
{
    /// <summary>The chunk; null if the lender does not have it.</summary>
    public static BlobBytes? TryRead(IChunkLender? lender, ChunkRef chunk)
    {
        long offset = lender?.Find(chunk.Id) ?? -1;
        if (offset < 0) return null;
        var bytes = new BlobBytes(chunk.Length);
        if (lender!.Read(offset, bytes.Buffer.AsSpan(0, chunk.Length)) == chunk.Length && BlobId.Of(bytes.Memory.Span) == chunk.Id) return bytes;
        bytes.Dispose();
        return null;
    }
}
