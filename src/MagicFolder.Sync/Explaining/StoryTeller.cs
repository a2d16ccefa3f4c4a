using System.Collections.Immutable;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Sync.Explaining;

/// <summary>Tells a path's story in sentences: what is here, what is current, what is waited for and what to do. Pure.</summary>
/// <param name="showTime">Writes milliseconds since the epoch for the reader.</param>
/// <param name="showSize">Writes a number of bytes for the reader.</param>
/// <param name="options">By which a command that is told knows the folder, with a space before each; empty where it finds it by itself.</param>
public sealed class StoryTeller(Func<long, string> showTime, Func<long, string> showSize, string options = "")
{
    /// <summary>The present; what happened before is in <see cref="PathStory.Activity"/>.</summary>
    public IReadOnlyList<string> Tell(PathStory story)
    {
        var sentences = new List<string>();
        if (story.IgnoredBy is { } rule)
        {
            sentences.Add($"{story.Path} is ignored here because of {rule}: it is neither stored nor changed, and its absence is no deletion.");
        }
        else
        {
            sentences.AddRange(TellHere(story));
            sentences.AddRange(TellDisk(story));
        }
        sentences.AddRange(TellVersions(story));
        if (story.IgnoredBy is null) sentences.AddRange(TellWaiting(story));
        foreach (var problem in story.Problems) sentences.Add($"Problem with {problem}.");
        return sentences;
    }

    private IEnumerable<string> TellHere(PathStory story)
    {
        if (story.Path.IsRoot)
        {
            yield return $"{story.Path} is the whole folder of {story.Participant}.";
        }
        else if (story.AsConflictFile is { } file)
        {
            yield return $"{story.Path} is a conflict file: it holds {Made(story, file.Dots)} of {file.Main}, {Describe(file.Value)}. It is not synchronized.";
            yield return $"Delete it to decide against that version, move it over {file.Main} to take it, or run: magic-folder resolve {TypedWord.Of(file.Main.ToString())} --take mine|{story.PetnameOf(file.Dots[^1].Actor)}{options}";
        }
        else if (story.Record is { Implied: true })
        {
            yield return $"{story.Path} is a directory for {story.Participant} that stands only because of what is in it.";
        }
        else if (story.Record is { } record)
        {
            yield return $"{story.Participant} has {story.Path} as {Made(story, record.Dots)}: {Describe(record.Value)}.";
        }
        else if (story.Siblings.IsEmpty && story.Disk != DiskFinding.New)
        {
            yield return story.Activity.IsEmpty
                ? $"{story.Path} is not here, and no version of it is current."
                : $"{story.Path} is not here, and no version of it is current: it was deleted or moved. See: magic-folder history {TypedWord.Of(story.Path.ToString())}{options}";
        }
        else if (!story.Siblings.IsEmpty)
        {
            yield return $"{story.Path} is not on the disk of {story.Participant} yet.";
        }
    }

    private static IEnumerable<string> TellDisk(PathStory story)
    {
        if (story.IsUnsettled)
        {
            yield return "What was being done to it on the disk is not finished; what stands there counts once it is.";
        }
        else if (story.Disk == DiskFinding.Changed)
        {
            yield return story.AsConflictFile is null
                ? "It has changed on the disk since it was last looked at; the next sync stores that as a new version if the content differs."
                : "It was changed since it was put there, so it will never be removed; when the conflict is over it becomes an ordinary file.";
        }
        else if (story.Disk == DiskFinding.Missing && story.Held is null)
        {
            yield return "It is not on the disk any more; the next sync takes that for a deletion, or for a move if its content appears elsewhere.";
        }
        else if (story.Disk == DiskFinding.New && story.Problems.IsEmpty)
        {
            yield return $"Something that is not stored yet is on the disk as {story.Path}; the next sync stores it.";
        }
        else if (story.DiskTrouble is { } trouble)
        {
            yield return $"The disk cannot be looked at: {trouble}";
        }
    }

    private IEnumerable<string> TellVersions(PathStory story)
    {
        if (story.IsConflict)
        {
            yield return $"It is in conflict: {(story.Siblings.Length == 1 ? "a file was made where a directory stands" : $"{story.Siblings.Length} versions were made without knowledge of one another")}.";
            foreach (var sibling in story.Siblings)
                yield return $"  {Made(story, sibling.Dots)}: {Describe(sibling.Value)}, {(sibling.File is { } file ? $"here as {file}" : "not here yet")}";
            var others = story.Siblings.Where(sibling => !sibling.IsMain).Select(sibling => sibling.Participant).Distinct(StringComparer.Ordinal);
            yield return $"Settle it with: magic-folder resolve {TypedWord.Of(story.Path.ToString())} --take mine|{string.Join('|', others)}{options}";
        }
        else if (story.Siblings is [{ File: null } current])
        {
            yield return $"Current is {Made(story, current.Dots)}: {Describe(current.Value)}.";
        }
        else if (story.Siblings.IsEmpty && story.Record is { Implied: false })
        {
            yield return "It was deleted elsewhere.";
        }
    }

    private IEnumerable<string> TellWaiting(PathStory story)
    {
        if (story.Held is { } held)
        {
            yield return held.Origin == GuardOrigins.Local
                ? $"Since {showTime(held.SinceMs)} the deletion guard holds back what vanished: {held.Count} of {held.Of} entries did, here and at once. Put them back, or {GuardOrigins.LetGo}."
                : $"Since {showTime(held.SinceMs)} the deletion guard keeps what was deleted elsewhere: others deleted {held.Count} of {held.Of} entries at once. Bring them back with 'magic-folder restore' or 'undo', or {GuardOrigins.LetGo}.";
        }
        if (story.IsOwnAlone) yield return "You take part to read only, so this version stays on this computer; when another changes the file, yours goes on beside it as a conflict file.";
        if (story.IsUnpublished && !story.IsOwnAlone) yield return "This version is not published yet; the next sync does that.";
        if (!story.IsPending || story.Held is not null) yield break;
        yield return story.Problems.IsEmpty
            ? "The disk still has to be brought to that; the next sync does it."
            : "The disk still has to be brought to that; it waits until what follows is cleared up.";
    }

    /// <summary>Several events made equal versions; the greatest names it.</summary>
    private string Made(PathStory story, ImmutableArray<Dot> dots)
    {
        var dot = dots[^1];
        string time = story.Times.TryGetValue(dot, out long timeMs) ? $" ({showTime(timeMs)})" : "";
        string also = string.Join(" and ", dots[..^1].Select(other => story.PetnameOf(other.Actor)).Where(name => name != story.PetnameOf(dot.Actor)).Distinct(StringComparer.Ordinal));
        return $"version {dot.Seq} of {story.PetnameOf(dot.Actor)}{time}{(also.Length == 0 ? "" : $", made alike by {also}")}";
    }

    private string Describe(EntryValue value)
    {
        long modified = (value.MtimeNs - (((value.MtimeNs % 1_000_000) + 1_000_000) % 1_000_000)) / 1_000_000;
        return value.Kind switch
        {
            EntryKind.File => $"a file of {showSize(value.Size)}{(value.IsExecutable ? ", executable" : "")}, modified {showTime(modified)}",
            EntryKind.Symlink => $"a symbolic link to {value.LinkTarget}",
            _ => "a directory",
        };
    }
}
