using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>What a framed blob refers to, and so what its table has to locate.</summary>
internal readonly record struct Reference(BlobId Id, ReferenceKind Kind);

internal enum ReferenceKind
{
    /// <summary>A blob.</summary>
    Blob,

    /// <summary>The content of a file: one chunk, or through a chunk list.</summary>
    Content,

    /// <summary>A blob that may be gone, as the snapshots before this one may be after retention.</summary>
    Optional,
}
