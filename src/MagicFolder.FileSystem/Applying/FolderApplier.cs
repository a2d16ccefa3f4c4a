using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Applying;

/// <summary>
/// Puts staged things in place, one path a step, without ever losing what somebody else does to the path meanwhile: every step looks before, acts atomically,
/// looks at what came out, and undoes itself when that is not what was expected (docs/decisions/0004-safe-replacement.md). Knows no records: the caller
/// journals an intent before and commits after. Trouble with the disk is an outcome, never an exception.
/// </summary>
public sealed class FolderApplier(IDisk disk)
{
    /// <summary>Enough for any program that saves now and then; one that replaces the file faster than this keeps its newest version aside.</summary>
    private const int MostSwaps = 8;

    /// <summary>Puts the staged thing where nothing is. Anything there is a local change. Several may be put at the same time, at different paths.</summary>
    public ApplyOutcome PutNew(RelativePath stage, RelativePath path) => Guarded(() =>
    {
        var staged = Require(stage);
        try
        {
            return ApplyOutcome.Done(OfStaged(disk.Put(stage, path), staged), stageHoldsOld: false);
        }
        catch (DiskException e)
        {
            if (HasArrived(stage, path, staged)) return ApplyOutcome.Done(InPlace(path, staged), stageHoldsOld: false);
            if (e.Fault != DiskFault.Exists) throw;
            return ApplyOutcome.LocalChange(disk.Stat(path));
        }
    });

    /// <summary>
    /// Swaps the staged thing with what is in place, which has to be <paramref name="expected"/>, ctime included (a directory: the same one, and empty). When done, the old
    /// thing is in the stage. After a local change the staged thing is back there: remove it only once
    /// <see cref="InspectSwappedOut"/>, with its own signature, calls it untouched.
    /// </summary>
    public ApplyOutcome Exchange(RelativePath stage, RelativePath path, DiskSignature expected) => Guarded(() =>
    {
        var staged = Require(stage);
        var before = disk.Stat(path);
        if (before is null || !IsRecorded(before.Value, path, expected)) return ApplyOutcome.LocalChange(before);
        try
        {
            disk.Move(stage, path, MoveKind.Exchange);
        }
        catch (DiskException e) when (LeftAside(stage) is not null)
        {
            return FailedAside(e, stage, path, stageHoldsOld: false);
        }
        catch (DiskException e)
        {
            if (!HasComeOut(stage, staged))
            {
                if (e.Fault != DiskFault.NotFound) throw;
                Require(stage);
                return ApplyOutcome.LocalChange(disk.Stat(path));
            }
        }
        // RACE: an edit between the look and the exchange that leaves size and mtime as they were is not seen here, since the exchange itself changes
        // ctime. The same edit made by a program that still has the file open shows in InspectSwappedOut; otherwise that edit is lost.
        return CameOut(stage, expected, before.Value.Mode) ? ApplyOutcome.Done(InPlace(path, staged), stageHoldsOld: true) : SwapBack(stage, path, staged);
    });

    /// <summary>
    /// Moves what is in place, which has to be <paramref name="expected"/>, to the free place <paramref name="stage"/>. A file that takes the path meanwhile
    /// stays there.
    /// </summary>
    public ApplyOutcome TakeAway(RelativePath path, RelativePath stage, DiskSignature expected) => Guarded(() =>
    {
        var before = disk.Stat(path);
        if (before is null || !IsRecorded(before.Value, path, expected)) return ApplyOutcome.LocalChange(before);
        try
        {
            disk.Move(path, stage, MoveKind.NoReplace);
        }
        catch (DiskException e)
        {
            if (StatIfPossible(stage) is null)
            {
                if (e.Fault != DiskFault.NotFound) throw;
                Require(stage.Parent);
                return ApplyOutcome.LocalChange(disk.Stat(path));
            }
        }
        // RACE: as in Exchange.
        if (CameOut(stage, expected, before.Value.Mode)) return ApplyOutcome.Done(inPlace: null, stageHoldsOld: true);
        return PutBack(stage, path);
    });

    /// <summary>Removes a directory in one step, if it is one and empty; anything else is a local change, and so is nothing.</summary>
    public ApplyOutcome RemoveEmptyDirectory(RelativePath path) => Guarded(() =>
    {
        try
        {
            disk.RemoveDirectory(path);
            return ApplyOutcome.Done(inPlace: null, stageHoldsOld: false);
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotEmpty or DiskFault.WrongKind or DiskFault.NotFound)
        {
            return ApplyOutcome.LocalChange(disk.Stat(path));
        }
    });

    /// <summary>May what was swapped out be removed from the stage? Of many at once, with one flush for all. The caller says whether something still is what was recorded of it when it was in place.</summary>
    /// <exception cref="DiskException">The disk cannot say; keep it.</exception>
    public IReadOnlyList<SwappedOut> InspectSwappedOut(IReadOnlyList<(RelativePath Stage, Predicate<DiskStat> IsStill)> waiting)
    {
        var results = new SwappedOut[waiting.Count];
        var closed = new List<RelativePath>(waiting.Count);
        for (int i = 0; i < waiting.Count; i++)
        {
            var stage = waiting[i].Stage;
            var stat = disk.Stat(stage);
            if (stat is null) results[i] = SwappedOut.Gone;
            else if (stat.Value.Kind == DiskKind.File && disk.MayHaveWriters(stage)) results[i] = SwappedOut.StillOpen;
            else if (stat.Value.Kind == DiskKind.File) closed.Add(stage);
        }
        // Nobody can write any more, and after the flush what was stored through mappings shows in the times.
        if (closed.Count > 0) disk.Flush(closed);
        for (int i = 0; i < waiting.Count; i++)
        {
            if (results[i] != default) continue;
            var (stage, isStill) = waiting[i];
            bool untouched = disk.Stat(stage) is { } stat && isStill(stat) && IsEmptyIfDirectory(stat, stage);
            results[i] = untouched ? SwappedOut.Untouched : SwappedOut.Changed;
        }
        return results;
    }

    /// <summary>
    /// In the stage is something that is not ours to take; in place is what we put, or something newer still. Swaps until what comes out is what was last known
    /// to be in place, so that nothing newer can have been taken out. Once that is so, what stands there is only told: a disk that fails at it undoes nothing.
    /// </summary>
    private ApplyOutcome SwapBack(RelativePath stage, RelativePath path, DiskStat ours)
    {
        try
        {
            var inPlace = ours;
            for (int swap = 0; swap < MostSwaps; swap++)
            {
                var held = Require(stage);
                if (!TryMove(stage, path, MoveKind.Exchange, DiskFault.NotFound))
                {
                    // Somebody removed ours. The edit that came out was never theirs to remove.
                    Require(stage);
                    if (TryMove(stage, path, MoveKind.NoReplace, DiskFault.Exists)) return ApplyOutcome.LocalChange(StatIfPossible(path));
                    continue;
                }
                if (CameOut(stage, inPlace.ToSignature(), inPlace.Mode))
                    return inPlace == ours ? ApplyOutcome.LocalChange(StatIfPossible(path)) : ApplyOutcome.KeptAside(StatIfPossible(path));
                inPlace = held;
            }
            return ApplyOutcome.KeptAside(StatIfPossible(path));
        }
        catch (DiskException e)
        {
            return FailedAside(e, stage, path, stageHoldsOld: true) with { AsideIsOurs = true };
        }
    }

    /// <summary>Has a swap that failed been made all the same (on a network file system only its answer may have been lost)? What is on the stage tells.</summary>
    private bool HasComeOut(RelativePath stage, DiskStat staged) =>
        StatIfPossible(stage)?.ToSignature() is { } there && !(there.IsThing(staged.Inode, staged.Device) ?? there.IsSameApartFromCtime(staged.ToSignature()));

    /// <summary>The same of what was put where nothing was. Where a file system knows only plain rename, it may have its name on the stage as well; that one goes.</summary>
    private bool HasArrived(RelativePath stage, RelativePath path, DiskStat staged)
    {
        if (StatIfPossible(path)?.ToSignature().IsThing(staged.Inode, staged.Device) is not true) return false;
        try
        {
            if (disk.Stat(stage) is not null) disk.Remove(stage);
        }
        catch (DiskException)
        {
            // It is in place all the same; a second name on the stage goes when that is tidied.
        }
        return true;
    }

    private ApplyOutcome FailedAside(DiskException trouble, RelativePath stage, RelativePath path, bool stageHoldsOld) =>
        ApplyOutcome.Failed(trouble, stageHoldsOld) with { InPlace = StatIfPossible(path), Aside = LeftAside(stage) };

    /// <summary>Where what was in place is, after an exchange that took several steps and failed between them.</summary>
    private RelativePath? LeftAside(RelativePath stage) => AsidePlace.Of(stage) is var aside && StatIfPossible(aside) is not null ? aside : null;

    private ApplyOutcome PutBack(RelativePath stage, RelativePath path)
    {
        try
        {
            return TryMove(stage, path, MoveKind.NoReplace, DiskFault.Exists)
                ? ApplyOutcome.LocalChange(StatIfPossible(path))
                : ApplyOutcome.KeptAside(StatIfPossible(path));
        }
        catch (DiskException e)
        {
            return ApplyOutcome.Failed(e, stageHoldsOld: true);
        }
    }

    private DiskStat? StatIfPossible(RelativePath path)
    {
        try
        {
            return disk.Stat(path);
        }
        catch (DiskException)
        {
            return null;
        }
    }

    /// <summary>Is in the stage what was recorded, with the bits that were last seen (only ctime would tell, and the swap changes that)? Where in doubt, no.</summary>
    private bool CameOut(RelativePath stage, DiskSignature expected, int mode)
    {
        try
        {
            var stat = disk.Stat(stage);
            if (stat is { Kind: DiskKind.File } && disk.MayHaveWriters(stage))
            {
                // Network file systems set the times of stores through mapped memory only when they are written back.
                disk.Flush([stage]);
                stat = disk.Stat(stage);
            }
            return stat is { } came && came.IsStill(expected) && came.Mode == mode && IsEmptyIfDirectory(came, stage);
        }
        catch (DiskException)
        {
            return false;
        }
    }

    private bool IsRecorded(DiskStat stat, RelativePath path, DiskSignature expected) => stat.Kind == DiskKind.Directory
        ? stat.IsStill(expected) && IsEmptyIfDirectory(stat, path)
        : stat.ToSignature() == expected;

    private bool IsEmptyIfDirectory(DiskStat stat, RelativePath path)
    {
        if (stat.Kind != DiskKind.Directory) return true;
        try
        {
            return disk.List(path).Count == 0;
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay)
        {
            // Replaced since it was looked at.
            return false;
        }
    }

    private DiskStat InPlace(RelativePath path, DiskStat staged) => OfStaged(StatIfPossible(path), staged);

    /// <summary>The stat for the record: of what was put there, even if somebody has changed it already, so that the next scan sees that change.</summary>
    private static DiskStat OfStaged(DiskStat? there, DiskStat staged) => there is { } now && now.Kind == staged.Kind && now.IsStill(staged.ToSignature()) ? now : staged;

    private DiskStat Require(RelativePath stage) => disk.Stat(stage) ?? throw DiskTrouble.Exception(DiskFault.NotFound, stage, "find");

    /// <returns>False when it failed with <paramref name="foreseen"/>.</returns>
    private bool TryMove(RelativePath from, RelativePath to, MoveKind kind, DiskFault foreseen)
    {
        try
        {
            disk.Move(from, to, kind);
            return true;
        }
        catch (DiskException e) when (e.Fault == foreseen)
        {
            return false;
        }
    }

    private static ApplyOutcome Guarded(Func<ApplyOutcome> step)
    {
        try
        {
            return step();
        }
        catch (DiskException e)
        {
            return ApplyOutcome.Failed(e);
        }
    }
}
