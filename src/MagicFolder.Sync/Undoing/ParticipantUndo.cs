using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Undoing;

/// <summary>
/// Undoes what a participant has done since a time: every path whose current version is from then goes back to what was there before, as a new version that has the undone one in its past. What
/// somebody else changed afterwards stays. The disk follows by the way that every change goes.
/// </summary>
public sealed class ParticipantUndo(FolderSession session, SessionParticipant participant)
{
    private readonly SortedDictionary<RelativePath, (EntryValue? Before, UndoAction Action)> _undone = [];
    private readonly List<Problem> _problems = [];
    private readonly HashSet<RelativePath> _coming = [];

    /// <exception cref="RefusedException">Nobody has that name.</exception>
    /// <exception cref="GridException">The storage cannot be reached; nothing was changed, or what was decided is done by the next sync.</exception>
    public async Task<UndoResult> UndoAsync(UndoRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        await session.RunToRestAsync(cancel);
        participant.RequireRunning();
        var view = FolderView.Over(session.Folder, participant.Local, participant.State!);
        await using var reader = await HistoryReader.OpenAsync(view, session.Grid, cancel);
        RequireKnown(participant.Engine!, request.By);
        var log = await reader.ReadLogAsync(cancel);
        foreach (var problem in log.Problems) if (problem.Path == request.By) _problems.Add(problem);
        var times = log.TimesFor(participant.Name);
        var made = new MadeSince(log, times, reader.Petnames, request.By, request.SinceMs);
        var contents = new FormerContents(reader, view.State, participant.Disk!);

        foreach (var path in await new ChangedPaths(reader, log, times, view.Tree()).ReadAsync(participant.Name, request.SinceMs, cancel)) await DecideAsync(path, view, reader, log, made, cancel);
        await LeaveWhatCannotBeAsync(view, contents, cancel);
        if (_undone.Count > 0 && !request.Pretend)
        {
            Record(view, request, contents);
            await session.RunToRestAsync(cancel);
            participant.RequireRunning();
            foreach (var path in _undone.Keys.Where(path => !IsInPlace(view, path)).ToArray()) Leave(path, ProblemAt(view, path));
        }
        return new UndoResult([.. _undone.Select(one => new UndonePath(one.Key, one.Value.Action))], [.. _problems.OrderBy(problem => problem.Path, StringComparer.Ordinal)]);
    }

    private static void RequireKnown(ParticipantEngine engine, string petname)
    {
        var members = engine.Roster.Members;
        if (members.All(member => member.Petname != petname)) throw new RefusedException($"Nobody is called {petname} in this folder; there are {string.Join(", ", members.Select(member => member.Petname))}.");
    }

    private async ValueTask DecideAsync(RelativePath path, FolderView view, HistoryReader reader, SnapshotLog log, MadeSince made, CancellationToken cancel)
    {
        var now = view.Tree().Find(path);
        var versions = await reader.ReadPathAsync(log, path, cancel);
        bool wasAbsent = versions.Count > 0 && await WasAbsentAsync(path, versions, reader, log, cancel);
        var decision = UndoDecision.Of(now, versions, made.Is, made.Is, wasAbsent);
        if (decision.Kind == UndoDecision.Outcome.Leave) _problems.Add(new Problem(path, $"it is left as it is: {decision.Reason}", "see 'history' and 'restore'"));
        if (decision.Kind != UndoDecision.Outcome.Undo) return;
        _undone.Add(path, (decision.Before, now is null ? UndoAction.BroughtBack : decision.Before is null ? UndoAction.Removed : UndoAction.Reverted));
        if (decision.Before is { Kind: EntryKind.Directory }) _coming.Add(path);
    }

    /// <summary>Is there a snapshot that did not know the oldest version yet, and had nothing there?</summary>
    private static async ValueTask<bool> WasAbsentAsync(RelativePath path, IReadOnlyList<PathVersion> versions, HistoryReader reader, SnapshotLog log, CancellationToken cancel)
    {
        var oldest = versions.Last(version => version.Value is not null).Snapshot;
        foreach (var snapshot in log.Snapshots)
        {
            if (snapshot.HasSeen(oldest) || snapshot.Id == oldest.Id) continue;
            try
            {
                if (await reader.FindAsync(snapshot.Snapshot.Root, path, cancel) is null) return true;
            }
            catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
            {
                // It tells nothing.
            }
        }
        // The very first snapshot of the folder: there was nothing before it.
        return oldest.Snapshot.Parent is null && oldest.Seq == 1 && !oldest.Snapshot.Observed.All.Any();
    }

    private async ValueTask LeaveWhatCannotBeAsync(FolderView view, FormerContents contents, CancellationToken cancel)
    {
        foreach (var (path, (before, _)) in _undone.ToArray())
        {
            var present = PresentLook.At(view, participant.Disk!, path, _coming);
            var item = new FormerItem(path, before ?? view.Tree().Find(path)!.Siblings[0].Value);
            // A directory that goes stays for what others have in it.
            var problem = before is null
                ? RestoreDecision.ProblemWith(item, present with { HoldsSomething = false }) ?? (view.State.Records.Find(path) is null ? new Problem(path, "it is not on this disk", "undo it on another computer") : null)
                : RestoreDecision.ProblemWith(item, present with { HoldsSomething = present.HoldsSomething && !GoesWhole(path) }) ?? await contents.CheckAsync(item, cancel);
            if (problem is not null) Leave(path, problem);
        }
    }

    /// <summary>Goes all that is in a directory as well?</summary>
    private bool GoesWhole(RelativePath directory) => participant.State!.Records.Under(directory).All(record => _undone.TryGetValue(record.Path, out var below) && below.Before is null);

    private void Leave(RelativePath path, Problem problem)
    {
        _undone.Remove(path);
        _problems.Add(problem);
    }

    private void Record(FolderView view, UndoRequest request, FormerContents contents)
    {
        var state = view.State;
        var tools = participant.Engine!.Tools;
        using var transaction = state.Begin();
        var tree = view.Tree();
        var dot = new Dot(tools.Identity.Actor, tools.NextSeq());
        var room = new VersionRoom(tools);
        var edits = new List<DmtEdit>();
        foreach (var (path, (before, _)) in _undone.ToArray())
        {
            if (before is not null) contents.Teach(tools.Catalog, before);
            var entry = VersionRoom.Change(tree.Find(path), state.Records.Find(path), dot, before);
            if (!room.Has(entry))
            {
                Leave(path, VersionRoom.ToProblem(path));
                continue;
            }
            edits.Add(new DmtEdit(path, entry));
            state.Pending.Add(path);
            state.Activity.Append(tools.NowMs(), path, ActivityKinds.Restored, $"what {request.By} did to it was undone here");
        }
        state.Versions.Write(state.Versions.Read()!.Edited(tree.With(edits).Root));
        transaction.Commit();
    }

    private bool IsInPlace(FolderView view, RelativePath path)
    {
        var record = view.State.Records.Find(path);
        return _undone[path].Before is { } before ? RestoreDecision.IsThere(before, record) : view.Tree().Find(path) is null && record is null or { Implied: true };
    }

    private static Problem ProblemAt(FolderView view, RelativePath path)
    {
        if (view.State.Problems.All().FirstOrDefault(problem => problem.Path == path.ToString()) is { } known) return known;
        return view.State.Guard.Find(GuardOrigins.Remote) is null
            ? new Problem(path, "something changed there meanwhile, so it is not done yet", "see 'why'")
            : new Problem(path, "it is undone for the others, and the deletion guard holds it back here", "see 'status'; 'confirm' lets it go on");
    }
}
