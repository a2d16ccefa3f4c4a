using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Joining;

/// <summary>What two snapshots make together.</summary>
/// <param name="Result">The joined tree, in the store of ours.</param>
/// <param name="Context">What both together have seen.</param>
/// <param name="Changes">Number of paths whose entry is now another than ours.</param>
public sealed record JoinResult(Dmt Result, VersionContext Context, long Changes);
