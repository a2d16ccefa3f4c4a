using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>A path whose entries are unequal in two trees; null where a tree has none.</summary>
public readonly record struct DmtDifference(RelativePath Path, Entry? Left, Entry? Right);
