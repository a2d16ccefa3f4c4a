using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Names;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// A directory that was renamed elsewhere is renamed here, in one step, instead of its files being moved one by one (docs/decisions/0020-directories-move-whole.md): where nothing is
/// wanted any more at its place, all that is recorded in it is wanted, unchanged and without conflicts, in a directory that is not there yet, and the disk is as recorded.
/// </summary>
internal sealed class DirectoryMoves(MaterializeContext context, DirectorySteps directories)
{
    /// <summary>Directories that begin with the same file in the same place, of which each is compared.</summary>
    private const int MostCompared = 4;

    /// <summary>How often, on the whole, all that is pending is compared; what is nested deeply is then moved path by path.</summary>
    private const int MostPasses = 4;

    private const int LeastCompared = 1 << 14;

    private readonly ParticipantDatabase _state = context.Parts.State;
    private readonly HashSet<RelativePath> _targets = [];
    private readonly HashSet<RelativePath> _aboveTargets = [];
    private List<RelativePath> _inConflict = [];
    private long _left;

    /// <summary>Finds them, journals, moves, flushes and commits. Returns how many paths are right now.</summary>
    /// <param name="executeBatch">Carries out what was prepared: the directories on the way.</param>
    /// <param name="cancel">Before anything is journalled.</param>
    internal async ValueTask<int> RunAsync(Func<CancellationToken, ValueTask<int>> executeBatch, CancellationToken cancel)
    {
        var moves = Find(cancel);
        if (moves.Count == 0) return 0;
        context.Batch.Open();
        moves.RemoveAll(move => !Can(() => directories.WillHaveParent(move.To)));
        int applied = await executeBatch(cancel);
        // A directory that was just made may be found by other spellings, too.
        moves.RemoveAll(move => !Can(() => HasNoTwin(move.To)));
        Journal(moves);
        var moved = moves.FindAll(TryMove);
        Flush(moved);
        return applied + Commit(moves, moved);
    }

    private List<DirectoryMove> Find(CancellationToken cancel)
    {
        var moves = new List<DirectoryMove>();
        var gone = _state.Pending.RecordedDirectories().Where(path => context.DesiredAt(path, null).Kind == MainKind.Nothing).ToList();
        if (gone.Count == 0) return moves;
        _inConflict = [.. _state.ConflictFiles.All().SelectMany(file => new[] { file.Main, file.File })];
        _left = LeastCompared + (MostPasses * _state.Pending.Count());
        var appeared = new AppearedDirectories(_state.Pending.Unrecorded(), context);
        foreach (var from in gone)
        {
            cancel.ThrowIfCancellationRequested();
            if (moves.Count > 0 && from.IsUnder(moves[^1].From)) continue;
            if (FirstFile(from) is not { } first) continue;
            foreach (var to in appeared.BeginningWith(first).Take(MostCompared))
            {
                if (IsInWay(to) || ToBeMoved(from, to) is not { } move) continue;
                moves.Add(move);
                _targets.Add(to);
                for (var above = to; !above.IsRoot; above = above.Parent) _aboveTargets.Add(above.Parent);
                break;
            }
        }
        return moves;
    }

    private (RelativePath Place, BlobId Content)? FirstFile(RelativePath directory)
    {
        foreach (var record in _state.Records.Under(directory))
            if (record.Value is { Kind: EntryKind.File, Size: > 0 } value) return (AppearedDirectories.PlaceIn(directory, record.Path), value.Content);
        return null;
    }

    private bool IsInWay(RelativePath to)
    {
        if (_aboveTargets.Contains(to)) return true;
        for (; !to.IsRoot; to = to.Parent)
            if (_targets.Contains(to)) return true;
        return false;
    }

    /// <summary>Path by path it will be said what is the matter with a disk that refuses.</summary>
    private static bool Can(Func<bool> ask)
    {
        try
        {
            return ask();
        }
        catch (DiskException)
        {
            return false;
        }
    }

    private bool HasNoTwin(RelativePath path)
    {
        context.LookAnew();
        return !context.HasTwin(path);
    }

    /// <summary>Null unless the directory can be moved as it is.</summary>
    private DirectoryMove? ToBeMoved(RelativePath from, RelativePath to)
    {
        DirectoryMove? move = null;
        return Can(() => MayMove(from, to) && (move = Recognized(from, to)) is not null) ? move : null;
    }

    private bool MayMove(RelativePath from, RelativePath to)
    {
        if (NameRules.Check(to, NameRules.Host) != NameFault.None || context.IsIgnored(from) || context.IsIgnored(to)) return false;
        if (context.Tools.Unsettled.HoldsBackWhole(from) || context.Tools.Unsettled.HoldsBackWhole(to)) return false;
        if (!HasNoTwin(from) || !HasNoTwin(to) || context.StatOrNull(to) is not null) return false;
        if (_state.Records.Find(to) is not null || _state.Records.AnyUnder(to)) return false;
        if (_inConflict.Exists(path => path == from || path.IsUnder(from) || path == to || path.IsUnder(to))) return false;
        if (context.IsClosed(from) || context.IsClosed(to)) return false;
        foreach (var item in Items(from, to))
            if (_left-- <= 0 || !Fits(item)) return false;
        return true;
    }

    private DirectoryMove? Recognized(RelativePath from, RelativePath to) =>
        context.StatOrNull(from) is { Kind: DiskKind.Directory } stat && IsAsRecorded(from, to) ? new DirectoryMove(from, to, stat.Inode, stat.Device) : null;

    private IEnumerable<MovedItem> Items(RelativePath from, RelativePath to) =>
        MovedItem.Pair(from, _state.Records.Under(from), to, context.Tree.ItemsUnder(to));

    private bool Fits(MovedItem item)
    {
        var record = item.Record;
        bool isDirectory = record.Value.Kind == EntryKind.Directory;
        var rules = context.Tools.Ignore.Rules;
        if (rules.Covers(record.Path, isDirectory) || rules.Covers(item.To, isDirectory)) return false;
        // A directory that stands only because of what is in it does so there, too.
        if (item.Item is not { } there) return record.Implied;
        if (context.DesiredOf(there, null) is not { Kind: MainKind.Version, Main.Value: { } value, Beside.IsEmpty: true }) return false;
        return isDirectory ? value.Kind == EntryKind.Directory : value == record.Value;
    }

    /// <summary>Nothing in it that was not recorded, or is not any more as it was. What is ignored goes along, where it is ignored there, too.</summary>
    private bool IsAsRecorded(RelativePath from, RelativePath to)
    {
        var rules = context.Tools.Ignore.Rules;
        RelativePath? ignored = null;
        var all = new FolderScanner(context.Parts.Disk, IgnoreRules.None).Scan(from);
        foreach (var observation in new ChangeDetector(_ => false).Compare(all, _state.Records.Under(from).Prepend(_state.Records.Find(from)!)))
        {
            if (observation is LocalObservation.Implied) continue;
            if (observation is not LocalObservation.Differs { Record: null, Seen: var seen }) return false;
            if (ignored is { } above && seen.Path.IsUnder(above)) continue;
            bool isDirectory = seen.Stat.Kind == DiskKind.Directory;
            if (!rules.Covers(seen.Path, isDirectory) || !rules.Covers(MovedItem.Moved(seen.Path, from, to), isDirectory)) return false;
            ignored = seen.Path;
        }
        return true;
    }

    private void Journal(List<DirectoryMove> moves)
    {
        using var transaction = _state.Begin();
        foreach (var move in moves) _state.DirectoryMoves.Add(move);
        transaction.Commit();
    }

    // RACE: what a user changes in it between the look and this goes along: to them it is in a directory that just got another name. The records keep the signatures that they had, so that the
    // next scan sees it, as a change of the versions that stand there now.
    private bool TryMove(DirectoryMove move) => Can(() =>
    {
        if (!IsIt(move, move.From)) return false;
        context.Parts.Disk.Move(move.From, move.To, MoveKind.NoReplace);
        if (IsIt(move, move.To)) return true;
        // In that very moment something else took its place, and is not ours to move.
        context.Parts.Disk.Move(move.To, move.From, MoveKind.NoReplace);
        return false;
    });

    private bool IsIt(DirectoryMove move, RelativePath path) =>
        context.StatOrNull(path) is { Kind: DiskKind.Directory } stat && stat.Inode == move.Inode && stat.Device == move.Device;

    /// <summary>A record never speaks of a move that a power loss undid: that would look like a deletion by the user.</summary>
    private void Flush(List<DirectoryMove> moved)
    {
        if (moved.Count > 0) context.Parts.Disk.Flush([.. moved.SelectMany(move => new[] { move.From.Parent, move.To.Parent }).Distinct()]);
    }

    private int Commit(List<DirectoryMove> journalled, List<DirectoryMove> moved)
    {
        using var transaction = _state.Begin();
        var records = new MovedRecords(context.Parts, context.Tools, context.Tree);
        int applied = moved.Sum(move => records.TakeOver(move, RestoreTime));
        foreach (var move in journalled) _state.DirectoryMoves.Remove(move);
        transaction.Commit();
        return applied;
    }

    /// <summary>Directories with other times and bits than the tree says get those when all is done.</summary>
    private void RestoreTime(MaterializedRecord before, MaterializedRecord now)
    {
        if (now.Value.Kind == EntryKind.Directory && now.Value != before.Value) directories.RestoreTimeLater(now.Path, now.Value.MtimeNs);
    }
}
