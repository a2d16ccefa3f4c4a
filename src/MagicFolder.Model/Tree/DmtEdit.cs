using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>What is to stand at a path from now on; null removes it (and is no error when nothing stands there).</summary>
public readonly record struct DmtEdit(RelativePath Path, Entry? Entry);
