using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots;

/// <summary>Questions that are answered by several facts of a catalog.</summary>
public static class BlobCatalogExtensions
{
    /// <summary>Is this file content on the grid, as one chunk or through its chunk list (which is only ever stored after its chunks)?</summary>
    public static bool ContainsContent(this IBlobCatalog catalog, BlobId content) =>
        catalog.Contains(content) || (catalog.FindChunkList(content) is { } list && catalog.Contains(list));

    /// <summary>Is this node, snapshot or chunk list known together with its table of locations?</summary>
    internal static bool ContainsFramed(this IBlobCatalog catalog, BlobId id)
    {
        foreach (var location in catalog.Find(id))
            if (location.Encoding.IsFramed()) return true;
        return false;
    }
}
