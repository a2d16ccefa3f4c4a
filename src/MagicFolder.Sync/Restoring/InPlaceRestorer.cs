using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Reporting;
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
    private readonly HashSet<RelativePath> _putPaths = [];
    private readonly HashSet<RelativePath> _directories = [];
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
            if (view.State.Records.Find(above) is null && former.At(above) is { Value.Kind: EntryKind.Directory } directory) Put(directory);
        foreach (var item in items) await DecideAsync(view, item, contents, cancel);
        if (_put.Count > 0)
        {
            Record(view, former.Snapshot, contents);
            await session.RunToRestAsync(cancel);
            participant.RequireRunning();
        }
        var missing = _put.Where(item => _putPaths.Contains(item.Path) && !IsInPlace(view.State, item)).Select(item => item.Path).ToHashSet();
        _problems.AddRange(missing.Select(path => ProblemAt(view.State, path)));
        int restored = items.Count(item => _putPaths.Contains(item.Path) && !missing.Contains(item.Path));
        return new RestoreResult(former.Snapshot, restored, _unchanged, [.. _problems.Distinct()]);
    }

    private async ValueTask DecideAsync(FolderView view, FormerItem item, FormerContents contents, CancellationToken cancel)
    {
        if (RestoreDecision.IsThere(item.Value, view.State.Records.Find(item.Path)))
        {
            _unchanged++;
            return;
        }
        var problem = RestoreDecision.ProblemWith(item, PresentLook.At(view, participant.Disk!, item.Path, _directories)) ?? await contents.CheckAsync(item, cancel);
        if (problem is not null) _problems.Add(problem);
        else Put(item);
    }

    private void Put(FormerItem item)
    {
        _put.Add(item);
        _putPaths.Add(item.Path);
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
                _putPaths.Remove(item.Path);
                _problems.Add(VersionRoom.ToProblem(item.Path));
                continue;
            }
            edits.Add(new DmtEdit(item.Path, entry));
            state.Pending.Add(item.Path);
            state.Activity.Append(tools.NowMs(), item.Path, ActivityKinds.Restored, $"it was restored here from version {from.ShownVersion} of {from.Participant}");
        }
        state.Versions.Write(state.Versions.Read()!.Edited(tree.With(edits).Root));
        transaction.Commit();
    }

    private static bool IsInPlace(ParticipantDatabase state, FormerItem item) =>
        state.Records.Find(item.Path) is { } record && record.Value.IsSameVersionAs(item.Value);

    private static Problem ProblemAt(ParticipantDatabase state, RelativePath path) =>
        state.Problems.All().FirstOrDefault(problem => problem.Path == path.ToString())
        ?? new Problem(path, "something changed there meanwhile, so it is not in place yet", "see 'why', and run 'sync' again");
}
