using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Undoing;

/// <summary>What to do about one path.</summary>
/// <param name="Kind">Whether there is anything to do, and can be.</param>
/// <param name="Before">What stood there before; null for nothing.</param>
/// <param name="Reason">Why it cannot be undone, as a clause.</param>
internal readonly record struct UndoDecision(UndoDecision.Outcome Kind, EntryValue? Before, string? Reason)
{
    internal enum Outcome
    {
        /// <summary>It was not changed by that participant, or is again as it was before.</summary>
        Nothing,
        Undo,
        Leave,
    }

    /// <summary>Decides, from what is there now and the versions that are known.</summary>
    /// <param name="now">What the tree has; null for nothing.</param>
    /// <param name="versions">Of the path, newest first, deletions included.</param>
    /// <param name="isUndone">Was it made by the participant, since the time? Null when that cannot be told any more.</param>
    /// <param name="isDotUndone">The same of what stands there now.</param>
    /// <param name="wasAbsent">Was there, as far as known, nothing before the oldest of these versions?</param>
    internal static UndoDecision Of(Entry? now, IReadOnlyList<PathVersion> versions, Func<PathVersion, bool?> isUndone, Func<Dot, bool?> isDotUndone, bool wasAbsent)
    {
        var since = versions.SkipWhile(version => isUndone(version) == false);
        if (!since.Any()) return new UndoDecision(Outcome.Nothing, null, null);
        var former = since.SkipWhile(version => isUndone(version) == true).FirstOrDefault();
        if (former is not null && isUndone(former) is null) return Leave("it is not known any more whether a version of it was made since then");
        var before = former?.Value;
        if (IsAgain(now, before, isKnown: former is not null || wasAbsent)) return new UndoDecision(Outcome.Nothing, before, null);

        if (now is null)
        {
            if (versions[0].Value is not null) return Leave("it is not known who deleted it, and when");
            if (isUndone(versions[0]) == false) return Leave($"{versions[0].Participant} deleted it afterwards");
        }
        else
        {
            var made = now.Siblings.Select(sibling => isDotUndone(sibling.Dot)).ToArray();
            if (made.Contains(null)) return Leave("it is not known any more whether its version was made since then");
            if (now.Siblings.Any(sibling => !sibling.Value.IsSameVersionAs(now.Siblings[0].Value))) return Leave("it is in conflict");
            if (made.Contains(false)) return Leave("somebody else changed it afterwards, or made the same change");
        }
        return former is not null || wasAbsent ? new UndoDecision(Outcome.Undo, before, null) : Leave("what was there before is not known any more");
    }

    private static bool IsAgain(Entry? now, EntryValue? before, bool isKnown) => isKnown && (now is null
        ? before is null
        : before is not null && now.Siblings.All(sibling => sibling.Value.IsSameVersionAs(before)));

    private static UndoDecision Leave(string reason) => new(Outcome.Leave, null, reason);
}
