using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Snapshots.Publishing;

/// <summary>What a tree node refers to, in the order in which its table of locations has it.</summary>
internal static class NodeReferences
{
    /// <summary>The children of an interior node; the distinct contents of a leaf.</summary>
    public static IReadOnlyList<BlobId> Of(DmtNode node) => node.Level > 0 ? node.Children : [.. node.Contents];
}
