using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Resolving;

/// <summary>A path with versions that were made without knowledge of one another.</summary>
/// <param name="Path">The path.</param>
/// <param name="Siblings">Its versions, the one under the path's own name first; then the greatest dot first.</param>
/// <param name="IsDirectoryImplied">Does the name belong to a directory that stands only because of what is in it? Then no sibling is the main one.</param>
public sealed record PathConflict(RelativePath Path, ImmutableArray<ConflictSibling> Siblings, bool IsDirectoryImplied)
{
    /// <summary>Null when there is no conflict at this path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="entry">Its current versions.</param>
    /// <param name="hasDescendants">Does anything live below it?</param>
    /// <param name="record">What is on this disk under its own name.</param>
    /// <param name="files">The conflict files that stand for it.</param>
    /// <param name="petnameOf">Names the maker of a version.</param>
    /// <param name="yielding">Whose versions give way to those of others; see <see cref="DesiredState.Of"/>.</param>
    internal static PathConflict? Of(
        RelativePath path, Entry? entry, bool hasDescendants, MaterializedRecord? record, IReadOnlyList<ConflictFile> files, Func<ActorId, string> petnameOf, ActorId? yielding = null)
    {
        var desired = DesiredState.Of(entry, hasDescendants, record, yielding);
        if (desired.Beside.IsEmpty) return null;
        return new PathConflict(path, SiblingsOf(path, desired, record, files, petnameOf), desired.Kind == MainKind.ImpliedDirectory);
    }

    /// <summary>All current versions of a path, in conflict or not, with where they stand.</summary>
    internal static ImmutableArray<ConflictSibling> SiblingsOf(
        RelativePath path, DesiredState desired, MaterializedRecord? record, IReadOnlyList<ConflictFile> files, Func<ActorId, string> petnameOf)
    {
        var siblings = ImmutableArray.CreateBuilder<ConflictSibling>();
        if (desired.Main is { } main)
        {
            bool isHere = record is { Implied: false } && record.Value.IsSameVersionAs(main.Value);
            siblings.Add(Sibling(main, isHere ? path : null, isMain: true));
        }
        foreach (var version in desired.Beside)
            siblings.Add(Sibling(version, files.FirstOrDefault(file => file.Value.IsSameVersionAs(version.Value))?.File, isMain: false));
        return siblings.ToImmutable();

        ConflictSibling Sibling(DesiredVersion version, RelativePath? file, bool isMain) =>
            new(petnameOf(version.GreatestDot.Actor), version.Value, version.Dots, file, isMain);
    }
}
