using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>A directory that is about to be moved in one step, with all that is in it.</summary>
/// <param name="From">Where it is recorded.</param>
/// <param name="To">Where it will be.</param>
/// <param name="Inode">Which directory it is.</param>
/// <param name="Device">On which disk.</param>
public sealed record DirectoryMove(RelativePath From, RelativePath To, ulong Inode, ulong Device);
