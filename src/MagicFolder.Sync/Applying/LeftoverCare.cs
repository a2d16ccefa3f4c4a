using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// What was swapped out stays in staging until nobody has it open for writing, and is then looked at once more. Untouched, it is a version that history has, and goes;
/// written to after the swap, it is a local edit made by a program that still had the old file open, and comes back beside its path as an ordinary file.
/// </summary>
internal static class LeftoverCare
{
    private const int MostAtOnce = 4096;

    /// <summary>As long as nothing changed in what nobody can tell the writers of, it counts as closed.</summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromMinutes(15);

    internal static void LookAfter(EngineParts parts, EngineTools tools, List<RelativePath> lookAgain, CancellationToken cancel)
    {
        var applier = new FolderApplier(parts.Disk);
        var settled = new List<StagedLeftover>();
        foreach (var some in parts.State.Leftovers.All().Chunk(MostAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (leftover, found) in Inspect(tools, applier, some))
            {
                try
                {
                    if (Settle(parts, tools, applier, leftover, found, lookAgain)) settled.Add(leftover);
                }
                catch (DiskException e)
                {
                    tools.ApplyProblems.Note(e.ToProblem().At(leftover.Path));
                }
            }
        }
        if (settled.Count == 0) return;
        using var transaction = parts.State.Begin();
        foreach (var leftover in settled) parts.State.Leftovers.Remove(leftover.Stage);
        transaction.Commit();
    }

    /// <summary>All with one flush; where the disk cannot say for one of them, each by itself.</summary>
    private static List<(StagedLeftover Leftover, SwappedOut Found)> Inspect(EngineTools tools, FolderApplier applier, StagedLeftover[] leftovers)
    {
        try
        {
            return [.. leftovers.Zip(applier.InspectSwappedOut(
                [.. leftovers.Select(leftover => (leftover.Stage, (Predicate<DiskStat>)(stat => stat.IsStill(leftover.Signature) && stat.HasBitOf(leftover.Signature))))]))];
        }
        catch (DiskException e) when (leftovers.Length == 1)
        {
            tools.ApplyProblems.Note(e.ToProblem().At(leftovers[0].Path));
            return [];
        }
        catch (DiskException)
        {
            return [.. leftovers.SelectMany(leftover => Inspect(tools, applier, [leftover]))];
        }
    }

    private static bool Settle(
        EngineParts parts, EngineTools tools, FolderApplier applier, StagedLeftover leftover, SwappedOut found, List<RelativePath> lookAgain)
    {
        switch (found)
        {
            case SwappedOut.Gone:
                return true;
            case SwappedOut.StillOpen when !HasWaited(parts.Disk, leftover, tools.NowMs()):
                return false;
            case SwappedOut.Untouched:
            // A mere touch makes no version.
            case SwappedOut.StillOpen or SwappedOut.Changed when ContentRecognition.StatIfStill(parts.Disk, leftover) is not null:
                parts.Disk.Remove(leftover.Stage);
                return true;
            default:
                return Rescue(parts, tools, applier, leftover, lookAgain);
        }
    }

    /// <summary>
    /// Has it been as it is for so long, where it cannot be told whether anybody may still write to it (network file systems, files of others)? What was stored through mapped memory
    /// shows after a flush.
    /// </summary>
    // RACE: a program that has had it open, writes nothing for so long, and then does, loses that, unless it had written before: then the file stands beside its path.
    private static bool HasWaited(IDisk disk, StagedLeftover leftover, long nowMs)
    {
        long latestMs = nowMs - (long)Quarantine.TotalMilliseconds;
        if (leftover.SinceMs > latestMs || disk.TellsWriters(leftover.Stage)) return false;
        disk.Flush([leftover.Stage]);
        return disk.Stat(leftover.Stage) is { } stat && IsBefore(stat.CtimeNs) && (IsBefore(stat.MtimeNs) || stat.MtimeNs == leftover.Signature.MtimeNs);

        bool IsBefore(long ns) => ns / 1_000_000 <= latestMs;
    }

    /// <summary>Puts a late-written file beside its path. It has no conflict record, so the next scan captures it like any new file.</summary>
    private static bool Rescue(EngineParts parts, EngineTools tools, FolderApplier applier, StagedLeftover leftover, List<RelativePath> lookAgain)
    {
        var name = ConflictNames.ChooseSeen(
            MakeWay(parts.Disk, ConflictNames.OutOfGit(leftover.Path)), parts.Petname,
            path => parts.Disk.Stat(path) is not null || parts.State.Records.Find(path) is not null || parts.State.ConflictFiles.Find(path) is not null);
        var outcome = applier.PutNew(leftover.Stage, name);
        if (outcome.Problem is { } problem) tools.ApplyProblems.Note(problem.At(leftover.Path));
        if (outcome.Kind != ApplyKind.Done) return false;
        lookAgain.Add(name);
        // Before the leftover is forgotten: on the stage it would be something that nobody knows, and go.
        parts.Disk.Flush([.. parts.Disk.WayTo(name), StagingArea.Directory]);
        parts.State.Activity.Append(
            tools.NowMs(), leftover.Path, ActivityKinds.Rescued, $"a program went on writing to the version that was replaced; what it wrote stands beside as {name}");
        return true;
    }

    /// <summary>
    /// Where its directory has gone, it is made again: what nobody can see is as good as lost. Where something else has taken a name on the way, the file stands beside that.
    /// </summary>
    private static RelativePath MakeWay(IDisk disk, RelativePath path)
    {
        var missing = new Stack<RelativePath>();
        for (var parent = path.Parent; !parent.IsRoot; parent = parent.Parent)
        {
            var stat = disk.StatOrNull(parent);
            if (stat is { Kind: DiskKind.Directory }) break;
            missing.Push(parent);
            if (stat is null) continue;
            path = parent.WithName(path.Name);
            missing.Clear();
        }
        foreach (var directory in missing) disk.CreateDirectory(directory, DirectorySteps.ImpliedValue.Mode);
        return path;
    }
}
