using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>A blob as it will be stored; good as long as the <see cref="PreparedBlobs"/> that it is one of.</summary>
public sealed class PreparedBlob
{
    internal PreparedBlob(BlobId id, BlobLocation place, SegmentedBuffer buffer)
    {
        Id = id;
        Place = place;
        Buffer = buffer;
    }

    public BlobId Id { get; }

    /// <summary>Before it was compressed.</summary>
    public int PlainLength => Place.PlainLength;

    internal BlobLocation Place { get; }

    internal SegmentedBuffer Buffer { get; }
}
