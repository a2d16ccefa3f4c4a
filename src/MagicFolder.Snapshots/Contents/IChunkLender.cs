using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>Somewhere nearer than the grid where some chunks probably are, such as the former version of a file. What it gives is verified.</summary>
public interface IChunkLender
{
    /// <summary>Where the chunk should begin; -1 if it is not here. Called by the flow that reads.</summary>
    long Find(BlobId chunk);

    /// <summary>Fills the buffer as far as possible; how far. Several threads may call it at the same time.</summary>
    int Read(long offset, Span<byte> buffer);
}
