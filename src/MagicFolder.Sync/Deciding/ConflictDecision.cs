using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Deciding;

/// <summary>
/// Whoever decides a conflict makes the version that they decide for anew, with those decided against in front of them. Had they only taken these away, two who decide at the same time, one
/// for each version, would together take away both.
/// </summary>
internal static class ConflictDecision
{
    /// <summary>The versions that a conflict file stands for; but not one under which, unpublished, another value stands by now.</summary>
    internal static ImmutableArray<Dot> Against(Entry? entry, ConflictFile file)
    {
        var standing = entry?.DotsOf(file.Value) ?? [];
        return [.. file.Dots.Where(standing.Contains)];
    }

    /// <summary>
    /// What removing a conflict file decides for: what stands under the path's own name, whatever its user may have done to it since. Null where nothing is recorded there, or only a directory for what is in it; where
    /// the version decided against has come to stand there meanwhile, or another one, after the removal; and for a participant that only reads: what it makes is taken by nobody, and would be in conflict with
    /// what others make of the same version.
    /// </summary>
    /// <param name="isReadOnly">Is it one that only reads?</param>
    /// <param name="removed">The conflict file.</param>
    /// <param name="main">What is recorded under the path's own name; it decides for nothing if it is gone as well.</param>
    internal static MaterializedRecord? Kept(bool isReadOnly, ConflictFile removed, MaterializedRecord? main) =>
        !isReadOnly && !removed.WasGone && main is { Implied: false } && !main.Value.IsSameVersionAs(removed.Value) ? main : null;
}
