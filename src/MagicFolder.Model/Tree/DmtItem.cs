using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>One path of a tree and its current versions.</summary>
public readonly record struct DmtItem(RelativePath Path, Entry Entry);
