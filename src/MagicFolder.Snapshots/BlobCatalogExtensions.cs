using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots;

/// <summary>Questions that are answered by several facts of a catalog.</summary>
public static class BlobCatalogExtensions
{
    /// <summary>Is this file content on the grid, as one chunk or through its chunk list (which is only ever stored after its chunks)?</summary>
    public static bool ContainsContent(this IBlobCatalog catalog, BlobId content) =>
        catalog.Contains(content) || catalog.FindChunkLists(content).Any(catalog.Contains);

    /// <summary>The best chunk list of a content that is more than one chunk; null if none is known.</summary>
    public static BlobId? FindChunkList(this IBlobCatalog catalog, BlobId content) => catalog.FindChunkLists(content) is [var best, ..] ? best : null;

    /// <summary>Is this node, snapshot or chunk list on the grid together with a table of locations that is known to be true?</summary>
    internal static bool ContainsFramed(this IBlobCatalog catalog, BlobId id) => catalog.FindFramed(id) is not null;

    /// <summary>Where it is known to lie with its table; null if nowhere.</summary>
    internal static BlobLocation? FindFramed(this IBlobCatalog catalog, BlobId id)
    {
        foreach (var location in catalog.Find(id))
            if (location.Encoding.IsFramed() && catalog.IsConfirmed(id, location)) return location;
        return null;
    }
}
