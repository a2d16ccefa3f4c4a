using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>Settles a conflict as <c>resolve</c> does: one version stays, of those that stand on this disk.</summary>
internal static class ResolveChecks
{
    /// <summary>False when there was nothing to settle, or nothing that may be.</summary>
    public static bool TryResolve(TinyFolder folder, SeededRandom random, RunScript script, Dot dot)
    {
        foreach (var (path, entry) in folder.Wanted)
        {
            var files = folder.ConflictFilesOf(path);
            var conflict = PathConflict.Of(path, entry, folder.HasDescendants(path), folder.RecordAt(path), files, Petname);
            if (conflict is null || conflict.Siblings.Any(sibling => sibling.File is null)) continue;
            if (files.Any(file => !folder.Disk.FindExact(file.File)!.Value.IsSameVersionAs(file.Value))) continue;
            var other = random.Pick(conflict.Siblings);
            bool holdsSomething = folder.HasDescendants(path) || folder.Disk.HoldsSomething(path);
            bool isClear = conflict.Siblings.Count(sibling => sibling.Participant == other.Participant) == 1 && (other.IsMain || !holdsSomething);
            string take = isClear && random.Chance(0.7) ? other.Participant : Resolution.Mine;
            var resolution = Resolution.Decide(conflict, holdsSomething, take);
            var main = conflict.Siblings.FirstOrDefault(sibling => sibling.IsMain);
            var expected = take == Resolution.Mine ? main?.Dots ?? [] : other.Dots;
            if (!resolution.Kept.SequenceEqual(expected)) throw new DecisionFailure($"Taking {take} at {path} keeps other versions.");
            if (!resolution.Cleared.Order().SequenceEqual(files.Select(file => file.File).Order())) throw new DecisionFailure($"Taking {take} at {path} clears other files.");
            var kept = resolution.Kept.IsEmpty ? null : entry.Find(resolution.Kept[^1])!;
            folder.Want(path, kept is null ? null : Entry.Of(dot, kept));
            if (kept is not null && folder.RecordAt(path) is { Implied: false } record && record.Value.IsSameVersionAs(kept))
            {
                folder.Records[path] = record with { Dots = [dot] };
                folder.Disk.FindExact(path)!.Shown = [dot];
            }
            script.Note($"resolved {path}: {take}");
            return true;
        }
        return false;
    }

    private static string Petname(ActorId actor) => $"p{(ulong)(actor.Value >> 96)}";
}
