using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Resolving;

/// <summary>What settling a conflict means for the tree: the decision alone.</summary>
/// <param name="Kept">The events of the version that stays; empty when the path is left to a directory that is only implied.</param>
/// <param name="Cleared">The conflict files that go.</param>
/// <param name="Participant">Whose version stays; null for what this computer has in place.</param>
internal sealed record Resolution(ImmutableArray<Dot> Kept, ImmutableArray<RelativePath> Cleared, string? Participant)
{
    internal const string Mine = "mine";

    /// <summary>
    /// The same as the user could do with files, and no more: only versions that stand on this disk are decided about, for nobody has had the others in front of them.
    /// </summary>
    /// <param name="conflict">As it stands here.</param>
    /// <param name="holdsSomething">Is a directory with something in it under the path's own name?</param>
    /// <param name="take"><see cref="Mine"/> or a petname.</param>
    /// <exception cref="RefusedException">The choice is none, or not possible; the message lists what is.</exception>
    internal static Resolution Decide(PathConflict conflict, bool holdsSomething, string take)
    {
        foreach (var sibling in conflict.Siblings)
        {
            if (sibling.File is null)
                throw new RefusedException($"The version of {sibling.Participant} is not on this disk yet; 'magic-folder why {conflict.Path}' says what it waits for.");
        }
        var main = conflict.Siblings.FirstOrDefault(sibling => sibling.IsMain);
        var cleared = conflict.Siblings.Where(sibling => !sibling.IsMain).Select(sibling => sibling.File!.Value).ToImmutableArray();
        if (take == Mine) return new Resolution(main?.Dots ?? [], cleared, null);
        var chosen = Choose(conflict, take);
        if (chosen.IsMain) return new Resolution(chosen.Dots, cleared, null);
        if (holdsSomething)
        {
            throw new RefusedException(
                $"A directory with something in it has the name {conflict.Path}; empty or rename it first, or take mine after copying {chosen.File} to another name.");
        }
        return new Resolution(chosen.Dots, cleared, chosen.Participant);
    }

    private static ConflictSibling Choose(PathConflict conflict, string petname)
    {
        var matching = conflict.Siblings.Where(sibling => sibling.Participant == petname).ToArray();
        if (matching.Length == 1) return matching[0];
        if (matching.Length > 1)
            throw new RefusedException($"{petname} made several versions of {conflict.Path}; move the right one over it and delete the others: {string.Join(", ", matching.Select(sibling => sibling.File))}");
        var choices = conflict.Siblings.Where(sibling => !sibling.IsMain).Select(sibling => sibling.Participant).Prepend(Mine).Distinct(StringComparer.Ordinal);
        throw new RefusedException($"There is no version of {conflict.Path} by {petname}; take one of: {string.Join(", ", choices)}");
    }
}
