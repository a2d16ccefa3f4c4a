using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Sync.Blobs;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Checking;

/// <summary>
/// Looks at all that a folder retains: every snapshot, node and content is read and compared with its id, and every share of every object that holds them is verified. Changes nothing in
/// the state, and nothing on the grid unless it is to repair. May run beside a watch.
/// </summary>
public sealed class FolderChecker(FolderView view, IGrid grid, IGridCare care, TimeProvider time)
{
    /// <summary>How far it is.</summary>
    public CheckProgress Progress { get; } = new();

    /// <param name="repair">Make shares that are missing or damaged again from the others.</param>
    /// <param name="cancel">Stops; what was repaired by then stays.</param>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    /// <exception cref="DamagedBytesException">The list of participants is damaged, and no former one is known.</exception>
    public async Task<FolderCheck> CheckAsync(bool repair, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        var (roster, trouble) = await RosterInForce.ReadAsync(grid, view.Folder.Collective.ReadCap, view.Folder.Folder, view.State.Collective.Read(), cancel);
        if (trouble is not null) problems.Add(trouble);
        var reach = new Reach(grid, view.Folder.Collective.ReadCap);
        var catalog = new NotingCatalog(new ReadingCatalog(view.State));
        await using var blobs = new BlobReader(grid, catalog);
        var fetcher = new SnapshotFetcher(blobs, catalog);
        var histories = new RetainedHistories(view, grid, fetcher, catalog, reach, Progress);
        var contents = new RetainedContents(new ContentReader(blobs, catalog), catalog, reach, Progress);
        var trees = new RetainedTrees(fetcher, view.State.Nodes, contents, catalog, reach);

        var log = await histories.ReadAsync(roster, cancel);
        catalog.KeepMissed();
        foreach (var snapshot in log.Snapshots) await trees.LookAsync(snapshot.Snapshot.Root, cancel);
        catalog.ForgetMissed();
        await trees.LookAgainAsync(cancel);
        await contents.LookAgainAsync(cancel);

        var missed = catalog.Missed.Select(pack => pack.Reveal()).ToHashSet(StringComparer.Ordinal);
        var objects = await new ObjectCare(care, time, Progress).LookAsync(
            ObjectsOf(roster, catalog), one => missed.Contains(one.Cap.ToUriString()), repair, cancel);
        if (objects.Any(one => !one.Last.IsRecoverable && !one.Last.Failing.IsEmpty)) await reach.EnsureAsync(cancel);
        problems.AddRange(histories.Problems);
        var lost = await LostVersionsAsync(contents, log, new PathReader(fetcher, view.State.Nodes, Petnames.From(view.State, roster)), problems, cancel);
        return new FolderCheck(
            roster.Members.Count, log.Snapshots.Length, contents.Versions, [.. objects], lost, [.. trees.LostIn(log)], [.. histories.Lost], [.. problems]);
    }

    private List<StoredObject> ObjectsOf(Roster roster, NotingCatalog catalog)
    {
        var objects = new List<StoredObject> { new(StoredKind.Collective, null, view.Folder.Collective.ReadCap, view.Folder.Collective.WriteCap) };
        var writeCaps = view.Folder.Participants.Select(WriteCap).ToDictionary(cap => cap.ToReadCap());
        foreach (var member in roster.Members) objects.Add(new StoredObject(StoredKind.Personal, member.Petname, member.Personal, writeCaps.GetValueOrDefault(member.Personal)));
        // What others call a pack need not be one.
        foreach (var pack in catalog.Packs)
            if (Cap.TryParse(pack.Reveal(), out var cap) && cap is ChkCap) objects.Add(new StoredObject(StoredKind.Pack, null, cap, cap));
        return objects;
    }

    private static MutableWriteCap WriteCap(Folders.LocalParticipant participant)
    {
        using var keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
        return keys.ToWriteCap();
    }

    private async Task<ImmutableArray<LostVersion>> LostVersionsAsync(
        RetainedContents contents, SnapshotLog log, PathReader paths, List<Problem> problems, CancellationToken cancel)
    {
        var lost = ImmutableArray.CreateBuilder<LostVersion>();
        if (contents.Lost.Count == 0) return [];
        using var disk = TryOpenDisk();
        foreach (var path in contents.Lost.Values.SelectMany(one => one.Paths).Distinct().Order())
        {
            int before = lost.Count;
            foreach (var version in await paths.ReadAsync(log, path, cancel))
            {
                if (version.Value is { Kind: EntryKind.File } value && contents.Lost.TryGetValue((value.Content, value.Size), out var why))
                    lost.Add(new LostVersion(path, version, disk is not null && FormerContents.IsOnDisk(view.State, disk, value), why.Reason));
            }
            if (lost.Count == before) problems.Add(new Problem(path, "a version of it cannot be read, and neither can the trees that tell which", "check the storage"));
        }
        return lost.ToImmutable();
    }

    private IDisk? TryOpenDisk()
    {
        try
        {
            return LocalDisk.Open(view.Participant.Path);
        }
        catch (DiskException)
        {
            return null;
        }
    }
}
