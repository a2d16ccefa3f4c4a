using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Ignoring;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Explaining;

/// <summary>Gathers what is known of a path. Reads only.</summary>
public static class PathExplainer
{
    private const int MostActivity = 100;

    /// <param name="view">Whose knowledge.</param>
    /// <param name="path">The path.</param>
    /// <param name="log">What was published, for the times of versions; null when it cannot be read.</param>
    public static PathStory Explain(FolderView view, RelativePath path, SnapshotLog? log)
    {
        var state = view.State;
        var tree = view.Tree();
        var record = state.Records.Find(path);
        var conflictFile = state.ConflictFiles.Find(path);
        var desired = DesiredState.Of(path.IsRoot ? null : tree.Find(path), tree.HasDescendants(path), record, view.Yielding);
        var (finding, trouble) = Look(view, path, record, conflictFile);
        bool isDirectory = Directory.Exists(System.IO.Path.Combine(view.Participant.Path, path.ToString())) || desired.Kind == MainKind.ImpliedDirectory;
        return new PathStory
        {
            Path = path,
            Participant = view.Participant.Name,
            Record = record,
            Disk = finding,
            DiskTrouble = trouble,
            IsUnsettled = state.Intents.All().Select(intent => intent.Path).Concat(state.DirectoryMoves.All().SelectMany(move => new[] { move.From, move.To })).Any(place => path == place || path.IsUnder(place)),
            IgnoredBy = IgnoreKeeper.RulesIn(state).Deciding(path, isDirectory),
            AsConflictFile = conflictFile,
            Siblings = PathConflict.SiblingsOf(path, desired, record, state.ConflictFiles.ForMain(path), view.Petnames.Of),
            IsConflict = !desired.Beside.IsEmpty,
            IsPending = state.Pending.Contains(path),
            IsOwnAlone = view.Yielding is { } self && record is { Dots.IsEmpty: false } && record.Dots.All(dot => dot.Actor == self),
            IsUnpublished = record is not null && IsUnpublished(state, record),
            Held = path.IsRoot ? state.Guard.Read() : record is null ? null : HeldAt(state.Guard, desired, finding),
            Problems = [.. state.Problems.All().Where(problem => IsAtOrAbove(problem, path))],
            Activity = [.. state.Activity.For(path, MostActivity)],
            Times = TimesIn(log),
            PetnameOf = view.Petnames.Of,
        };
    }

    private static (DiskFinding Finding, string? Trouble) Look(FolderView view, RelativePath path, MaterializedRecord? record, ConflictFile? conflictFile)
    {
        try
        {
            using var disk = LocalDisk.Open(view.Participant.Path);
            return (Compare(FolderDisk.AsNoted(disk, view.State), path, record, conflictFile), null);
        }
        catch (DiskException e)
        {
            return (DiskFinding.Unknown, e.Message);
        }
    }

    private static DiskFinding Compare(IDisk disk, RelativePath path, MaterializedRecord? record, ConflictFile? conflictFile)
    {
        var stat = disk.Stat(path);
        bool isRecorded = record is not null || conflictFile is not null;
        if (path.IsRoot) return stat is null ? DiskFinding.Missing : DiskFinding.AsRecorded;
        if (stat is not { } now) return isRecorded ? DiskFinding.Missing : DiskFinding.Nothing;
        if (!isRecorded) return DiskFinding.New;
        bool isSame = record is not null ? now.LooksLike(record.Value, record.Signature) : ContentRecognition.StatIfStill(disk, conflictFile!) is not null;
        return isSame ? DiskFinding.AsRecorded : DiskFinding.Changed;
    }

    private static bool IsUnpublished(ParticipantDatabase state, MaterializedRecord record)
    {
        var self = state.Identity.Read()!.Actor;
        long published = state.Versions.Read()!.PublishedSeq;
        return record.Dots.Any(dot => dot.Actor == self && dot.Seq > published);
    }

    private static HeldDeletions? HeldAt(GuardTable guard, DesiredState desired, DiskFinding finding) =>
        finding == DiskFinding.Missing ? guard.Find(GuardOrigins.Local) : desired.Kind == MainKind.Nothing ? guard.Find(GuardOrigins.Remote) : null;

    private static bool IsAtOrAbove(Problem problem, RelativePath path)
    {
        string text = path.ToString();
        return problem.Path == text || problem.Path == RelativePath.Root.ToString() || text.StartsWith(problem.Path + "/", StringComparison.Ordinal);
    }

    private static ImmutableDictionary<Dot, long> TimesIn(SnapshotLog? log)
    {
        var times = ImmutableDictionary.CreateBuilder<Dot, long>();
        foreach (var snapshot in log?.Snapshots ?? [])
            times[new Dot(snapshot.Snapshot.Actor, snapshot.Seq)] = snapshot.TimeMs;
        return times.ToImmutable();
    }
}
