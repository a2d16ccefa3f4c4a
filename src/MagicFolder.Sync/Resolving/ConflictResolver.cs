using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Resolving;

/// <summary>
/// Settles a conflict for a participant, and so for everybody. The versions decided against leave the tree, as if their conflict files had been deleted, and the one decided for is made anew; the disk then
/// follows by the way that every change goes: staged, looked at, exchanged, looked at again. So an edit made meanwhile becomes a version of its own, and is in conflict.
/// </summary>
public sealed class ConflictResolver(FolderSession session, SessionParticipant participant)
{
    private const int MostListed = 10;

    /// <param name="path">The path in conflict, or one of its conflict files.</param>
    /// <param name="take"><c>mine</c>, or the petname of who made the version that is to stay.</param>
    /// <param name="cancel">Stops between two paths; what was decided by then stays decided.</param>
    /// <exception cref="RefusedException">There is no such conflict or choice, or a conflict file was edited.</exception>
    public async Task<ResolveResult> ResolveAsync(RelativePath path, string take, CancellationToken cancel)
    {
        // What was edited here so far has to be a version before anything takes its place.
        await session.RunToRestAsync(cancel);
        participant.RequireRunning();
        var state = participant.State!;
        var view = FolderView.Over(session.Folder, participant.Local, state);
        var main = state.ConflictFiles.Find(path)?.Main ?? path;
        var conflict = ConflictList.At(view, main) ?? throw NotInConflict(view, main);
        var tree = view.Tree();
        var resolution = Resolution.Decide(conflict, tree.HasDescendants(main) || HoldsSomething(main), take);
        foreach (var file in state.ConflictFiles.ForMain(main)) RefuseIfEdited(file);

        Settle(tree, main, resolution, isReadOnly: view.Yielding is not null);
        await session.RunToRestAsync(cancel);
        participant.RequireRunning();
        bool isSettled = ConflictList.At(view, main) is null && !state.Pending.Contains(main);
        return new ResolveResult(main, resolution.Participant, resolution.Cleared, isSettled);
    }

    private void Settle(Dmt tree, RelativePath path, Resolution resolution, bool isReadOnly)
    {
        var state = participant.State!;
        var tools = participant.Engine!.Tools;
        using var transaction = state.Begin();
        var entry = tree.Find(path)!;
        var settled = Entry.From(entry.Siblings.Where(sibling => resolution.Kept.Contains(sibling.Dot)));
        var dot = new Dot(tools.Identity.Actor, tools.NextSeq());
        if (settled is not null && !isReadOnly && LocalChange.MayTake(entry, [], dot))
        {
            // As if its user had made it anew: somebody may be deciding for another one in this moment.
            var value = settled.Siblings[^1].Value;
            settled = Entry.Of(dot, value);
            if (state.Records.Find(path) is { Implied: false } record && record.Value.IsSameVersionAs(value)) state.Records.Put(record with { Dots = [dot] });
        }
        state.Versions.Write(state.Versions.Read()!.Edited(tree.With(new DmtEdit(path, settled)).Root));
        state.Pending.Add(path);
        string what = resolution.Participant is { } other ? $"the version of {other}" : "the version in place";
        state.Activity.Append(tools.NowMs(), path, ActivityKinds.Resolved, $"the conflict was settled here: {what} was taken");
        transaction.Commit();
    }

    private void RefuseIfEdited(ConflictFile file)
    {
        if (ContentRecognition.StatIfStill(participant.Disk!, file) is not null) return;
        throw new RefusedException(
            $"{file.File} was changed since it was put there, so it is not removed; move it over {file.Main} to take it as it is now, or delete it.");
    }

    private bool HoldsSomething(RelativePath path) =>
        participant.Disk!.StatOrNull(path) is { Kind: DiskKind.Directory } && participant.Disk!.List(path).Count > 0;

    private static RefusedException NotInConflict(FolderView view, RelativePath path)
    {
        var conflicts = ConflictList.Of(view);
        if (conflicts.Count == 0) return new RefusedException($"{path} is not in conflict; nothing is.");
        string more = conflicts.Count > MostListed ? $" and {conflicts.Count - MostListed} more" : "";
        return new RefusedException($"{path} is not in conflict; these are: {string.Join(", ", conflicts.Take(MostListed).Select(conflict => conflict.Path))}{more}");
    }
}
