using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Restoring;

/// <summary>
/// Brings former versions back in place, as new versions, so that they go to everybody. What is there now becomes a version first, and so stays in the history; then the
/// tree gets the new versions in one transaction, and the disk follows by the way that every change goes: staged, looked at, exchanged, looked at again.
/// </summary>
public sealed class InPlaceRestorer(FolderSession session, SessionParticipant participant)
{
    private readonly List<FormerItem> _put = [];
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<RelativePath, FormerItem> _coming = [];
    private readonly HashSet<RelativePath> _directories = [];
    private readonly List<MaterializedRecord> _absent = [];
    private int _unchanged;

    /// <exception cref="RefusedException">There is no such version, or nothing of that path in it.</exception>
    /// <exception cref="Grid.GridException">The storage cannot be reached; nothing was changed, or what was decided is done by the next sync.</exception>
    public async Task<RestoreResult> RestoreAsync(RestoreRequest request, CancellationToken cancel)
    {
        await session.RunToRestAsync(cancel);
        participant.RequireRunning();
        var view = FolderView.Over(session.Folder, participant.Local, participant.State!);
        await using var reader = await HistoryReader.OpenAsync(view, session.Grid, cancel);
        var former = await FormerTree.OpenAsync(reader, request, participant.Name, cancel);
        var items = former.Items(request.Path);
        var contents = new FormerContents(reader, view.State, participant.Disk!);
        // A directory above that is not there any more comes back as it was, not as an implied one.
        foreach (var above in PresentLook.Above(request.Path))
        {
            if (former.At(above) is not { Value.Kind: EntryKind.Directory } directory) continue;
            if (view.State.Records.Find(above) is not { } record) Put(directory);
            else if (IsHeldAbsence(view, record)) PutAgain(directory, record);
        }
        foreach (var item in items) await DecideAsync(view, item, contents, cancel);
        if (_coming.Count > 0)
        {
            Record(view, former.Snapshot, contents);
            await session.RunToRestAsync(cancel);
            participant.RequireRunning();
        }
        var missing = _coming.Values.Where(item => !IsInPlace(view.State, item)).Select(item => item.Path).ToHashSet();
        _problems.AddRange(missing.Select(path => ProblemAt(view.State, path)));
        int restored = items.Count(item => _coming.ContainsKey(item.Path) && !missing.Contains(item.Path));
        return new RestoreResult(former.Snapshot, restored, _unchanged, [.. _problems.Distinct()]);
    }

    private async ValueTask DecideAsync(FolderView view, FormerItem item, FormerContents contents, CancellationToken cancel)
    {
        var record = view.State.Records.Find(item.Path);
        bool isAbsent = record is not null && IsHeldAbsence(view, record);
        bool isDeletedElsewhere = record is { Implied: false } && view.Tree().Find(item.Path) is null;
        if (RestoreDecision.IsThere(item.Value, record) && !isDeletedElsewhere)
        {
            if (isAbsent) PutAgain(item, record!);
            else _unchanged++;
            return;
        }
        var problem = RestoreDecision.ProblemWith(item, PresentLook.At(view, participant.Disk!, item.Path, _directories)) ?? await contents.CheckAsync(item, cancel);
        if (problem is not null)
        {
            _problems.Add(problem);
            return;
        }
        Put(item);
        if (isAbsent) _absent.Add(record!);
    }

    /// <summary>It vanished from this disk, and the deletion guard keeps that from counting.</summary>
    private bool IsHeldAbsence(FolderView view, MaterializedRecord record)
    {
        if (view.State.Guard.Find(GuardOrigins.Local) is null) return false;
        try
        {
            return participant.Disk!.StatOrNull(record.Path) is null && new Mounts(participant.Disk!, view.State.Records).AtOrAbove(record) is null;
        }
        catch (DiskException)
        {
            return false;
        }
    }

    /// <summary>Everybody else has it still: no new version is made, only the disk has to follow.</summary>
    private void PutAgain(FormerItem item, MaterializedRecord record)
    {
        _absent.Add(record);
        Come(item);
    }

    private void Put(FormerItem item)
    {
        _put.Add(item);
        Come(item);
    }

    private void Come(FormerItem item)
    {
        _coming[item.Path] = item;
        if (item.Value.Kind == EntryKind.Directory) _directories.Add(item.Path);
    }

    private void Record(FolderView view, LoggedSnapshot from, FormerContents contents)
    {
        var state = view.State;
        var tools = participant.Engine!.Tools;
        using var transaction = state.Begin();
        var tree = view.Tree();
        var dot = new Dot(tools.Identity.Actor, tools.NextSeq());
        var room = new VersionRoom(tools);
        var edits = new List<DmtEdit>();
        foreach (var item in _put)
        {
            contents.Teach(tools.Catalog, item.Value);
            var entry = VersionRoom.Change(tree.Find(item.Path), state.Records.Find(item.Path), dot, item.Value);
            if (!room.Has(entry))
            {
                _coming.Remove(item.Path);
                _problems.Add(VersionRoom.ToProblem(item.Path));
                continue;
            }
            edits.Add(new DmtEdit(item.Path, entry));
            state.Pending.Add(item.Path);
            state.Activity.Append(tools.NowMs(), item.Path, ActivityKinds.Restored, $"it was restored here from version {from.ShownVersion} of {from.Participant}");
        }
        foreach (var record in _absent)
        {
            // What nobody has recorded has to come, and its absence is no deletion.
            state.Records.Remove(record.Path);
            if (!state.Pending.Contains(record.Path)) state.Activity.Append(tools.NowMs(), record.Path, ActivityKinds.Restored, "it had vanished here, and was restored");
            state.Pending.Add(record.Path);
        }
        if (edits.Count > 0) state.Versions.Write(state.Versions.Read()!.Edited(tree.With(edits).Root));
        transaction.Commit();
    }

    private static bool IsInPlace(ParticipantDatabase state, FormerItem item) =>
        state.Records.Find(item.Path) is { } record && record.Value.IsSameVersionAs(item.Value);

    private static Problem ProblemAt(ParticipantDatabase state, RelativePath path) =>
        state.Problems.All().FirstOrDefault(problem => problem.Path == path.ToString())
        ?? new Problem(path, "something changed there meanwhile, so it is not in place yet", "see 'why', and run 'sync' again");
}
