using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Tree;

/// <summary>How an interior node describes one child.</summary>
/// <param name="Id">The SHA-256 of the child's bytes.</param>
/// <param name="Last">The greatest path below it.</param>
/// <param name="Summary">The sums over all entries below it.</param>
public readonly record struct DmtChild(BlobId Id, RelativePath Last, DmtSummary Summary);
