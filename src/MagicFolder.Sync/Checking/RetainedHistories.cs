using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Checking;

/// <summary>
/// Reads the retained snapshots of all participants: those in the index of each head. Where a head cannot be read, what this participant knows of it: its own from what it published,
/// others' by the chain of parents from the newest that was seen.
/// </summary>
internal sealed class RetainedHistories(FolderView view, IGrid grid, SnapshotFetcher fetcher, NotingCatalog catalog, Reach reach, CheckProgress progress)
{
    private const string Advice = "check the storage";

    private readonly string _own = KeyOf(view);

    internal List<LostSnapshot> Lost { get; } = [];

    internal List<Problem> Problems { get; } = [];

    /// <summary>Newest first.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async Task<SnapshotLog> ReadAsync(Roster roster, CancellationToken cancel)
    {
        var histories = new List<IReadOnlyList<LoggedSnapshot>>();
        foreach (var member in roster.Members)
        {
            var head = await ReadHeadAsync(roster, member, cancel);
            var known = member.Key == _own ? PublishedHead() : null;
            var index = Index(head, known);
            histories.Add(index.Count > 0 || head is not null ? await ReadIndexAsync(member, index, cancel) : await ReadChainAsync(member, cancel));
        }
        return new SnapshotLog(SnapshotLog.Merge(histories), []);
    }

    private async Task<Head?> ReadHeadAsync(Roster roster, Member member, CancellationToken cancel)
    {
        try
        {
            var found = await grid.ReadMutableAsync(member.Personal, cancel);
            long seen = SeenSeqnum(member);
            if (found.Seqnum < seen) Report(member, $"the storage shows version {found.Seqnum} of its head, but version {seen} was seen before: it was rolled back");
            if (found.Content.IsEmpty) return null;
            var head = Head.Decode(found.Content);
            if (head.Folder != view.Folder.Folder) throw new DamagedBytesException(DamageReason.Malformed, "It belongs to another folder.");
            roster.Verify(view.Folder.Folder, head.ToObservation());
            return head;
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            Report(member, $"its head cannot be read, so what it retains is not known for sure: {await reach.ReasonAsync(e, cancel)}");
            return null;
        }
    }

    private async Task<IReadOnlyList<LoggedSnapshot>> ReadIndexAsync(Member member, IReadOnlyList<RetainedSnapshot> index, CancellationToken cancel)
    {
        var history = new List<LoggedSnapshot>();
        foreach (var kept in index)
        {
            try
            {
                history.Add(await ReadAsync(member, kept.Id, kept.Location, cancel));
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                catalog.Miss();
                Lost.Add(new LostSnapshot(kept.Id, member.Petname, kept.Seq, kept.TimeMs, await reach.ReasonAsync(e, cancel)));
            }
        }
        return history;
    }

    /// <summary>How far the chain was retained nobody can tell, so its end is no loss.</summary>
    private async Task<IReadOnlyList<LoggedSnapshot>> ReadChainAsync(Member member, CancellationToken cancel)
    {
        var history = new List<LoggedSnapshot>();
        var next = view.State.Heads.Find(member.Key)?.Snapshot;
        while (next is { } id && history.Count < Head.MaxRetained)
        {
            try
            {
                var snapshot = await ReadAsync(member, id, hint: null, cancel);
                history.Add(snapshot);
                next = snapshot.Snapshot.Parent;
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                await reach.ReasonAsync(e, cancel);
                break;
            }
        }
        return history;
    }

    private async Task<LoggedSnapshot> ReadAsync(Member member, BlobId id, BlobLocation? hint, CancellationToken cancel)
    {
        catalog.Begin();
        if (hint is { } place) catalog.Note(place.Pack);
        var snapshot = await fetcher.FetchSnapshotAsync(id, hint, cancel);
        if (snapshot.Folder != view.Folder.Folder) throw new DamagedBytesException(DamageReason.Malformed, "It belongs to another folder.");
        progress.AddSnapshot();
        return new LoggedSnapshot(id, member.Petname, snapshot);
    }

    /// <summary>What both heads retain, newest first; the newest snapshot of a head counts also when its index does not have it.</summary>
    private static List<RetainedSnapshot> Index(Head? head, Head? known)
    {
        var index = new List<RetainedSnapshot>();
        var ids = new HashSet<BlobId>();
        foreach (var one in (Head?[])[known, head])
        {
            if (one is null) continue;
            if (one.Retained.All(kept => kept.Id != one.Snapshot) && ids.Add(one.Snapshot)) index.Add(new RetainedSnapshot(one.Snapshot, one.Seq, 0, default, one.Location));
            index.AddRange(one.Retained.Where(kept => ids.Add(kept.Id)));
        }
        // Numbers start again with a new actor; the order matters only to whoever reads the list of what is lost.
        return index;
    }

    /// <summary>The head that this participant published last, byte for byte.</summary>
    private Head? PublishedHead() =>
        view.State.Sealed.Read() is { HeadBytes: { } bytes } published && published.Seq <= view.State.Versions.Read()!.PublishedSeq ? Head.Decode(bytes) : null;

    private long SeenSeqnum(Member member) => member.Key == _own ? view.State.Versions.Read()!.HeadSeqnum : view.State.Heads.Find(member.Key)?.Seqnum ?? 0;

    private void Report(Member member, string reason) => Problems.Add(new Problem(member.Petname, reason, Advice));

    private static string KeyOf(FolderView view)
    {
        using var keys = MutableKeys.FromPkcs8(view.Participant.PersonalKey.AsSpan());
        return Convert.ToHexStringLower(keys.Fingerprint.ToArray());
    }
}
