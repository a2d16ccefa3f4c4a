using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Restoring;

/// <summary>What stood at a path.</summary>
internal readonly record struct FormerItem(RelativePath Path, EntryValue Value);
