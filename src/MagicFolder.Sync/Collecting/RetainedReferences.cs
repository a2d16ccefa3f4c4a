using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.Sync.Blobs;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Collecting;

/// <summary>
/// All that the retained snapshots of all participants of a folder refer to, those removed included, as the grid shows it now. Whatever cannot be read, or is older than what was seen before,
/// is an error: it might refer to anything.
/// </summary>
internal sealed class RetainedReferences : IAsyncDisposable
{
    private readonly BlobReader _blobs;

    private RetainedReferences(BlobReader blobs)
    {
        _blobs = blobs;
        Walk = new ReferenceWalk(blobs);
    }

    internal ReferenceWalk Walk { get; }

    /// <summary>The packs, by what they are called on the grid.</summary>
    internal HashSet<StorageIndex> Packs { get; } = [];

    /// <summary>Those that a head of this computer refers to.</summary>
    internal HashSet<PackRef> OwnPacks { get; } = [];

    /// <summary>Does somebody on another computer take part, or did?</summary>
    internal bool HasOthers { get; private set; }

    /// <param name="session">All participants of this computer, at rest.</param>
    /// <param name="mostPlaces">So many places each participant elsewhere may name that the heads here do not: nobody else reads all that a head retains, so that it may be anything.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="GridException">Something cannot be read.</exception>
    /// <exception cref="DamagedBytesException">Something is damaged, or of a newer format.</exception>
    /// <exception cref="RefusedException">Something is not as it has to be.</exception>
    internal static async Task<RetainedReferences> ReadAsync(FolderSession session, long mostPlaces, CancellationToken cancel)
    {
        var references = new RetainedReferences(new BlobReader(session.Grid, new ReadingCatalog(session.Participants[0].State!)));
        try
        {
            var roster = await ReadRosterAsync(session, cancel);
            foreach (var local in session.Participants)
            {
                if (!roster.Members.Any(member => member.Petname == local.Name)) throw new RefusedException($"the list of participants does not have {local.Name}");
            }
            var own = session.Participants.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var member in roster.Members.Where(member => own.Contains(member.Petname))) await references.AddAsync(session, roster, member, cancel);
            references.OwnPacks.UnionWith(references.Walk.Packs);
            foreach (var member in roster.Members.Where(member => !own.Contains(member.Petname)))
            {
                references.HasOthers = true;
                references.Walk.Allow(mostPlaces);
                try
                {
                    await references.AddAsync(session, roster, member, cancel);
                }
                catch (DamagedBytesException e) when (e.Reason == DamageReason.TooLarge)
                {
                    throw new RefusedException($"what {member.Petname} retains cannot be followed: {e.Message.TrimEnd('.')}");
                }
            }
            foreach (var pack in references.Walk.Packs)
                if (KnownPacks.IndexOf(pack) is { } index) references.Packs.Add(index);
            return references;
        }
        catch
        {
            await references.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _blobs.DisposeAsync();

    private static async Task<Roster> ReadRosterAsync(FolderSession session, CancellationToken cancel)
    {
        var found = await session.Grid.ReadMutableAsync(session.Folder.Collective.ReadCap, cancel);
        foreach (var local in session.Participants)
        {
            if (RosterInForce.WhyNot(found, local.State!.Collective.Read()) is { } reason) throw new RefusedException($"the list of participants is not the one that was seen before: {reason}");
        }
        return Roster.Read(found.Content.Span, session.Folder.Folder);
    }

    private async Task AddAsync(FolderSession session, Roster roster, Member member, CancellationToken cancel)
    {
        var found = await session.Grid.ReadMutableAsync(member.Personal, cancel);
        RequireCurrent(session, member, found.Seqnum);
        if (found.Content.IsEmpty) return;
        var head = Head.Decode(found.Content);
        if (head.Folder != session.Folder.Folder) throw new RefusedException($"the head of {member.Petname} belongs to another folder");
        roster.Verify(session.Folder.Folder, head.ToObservation());
        if (session.Participants.FirstOrDefault(one => one.Name == member.Petname) is { } local && head.Snapshot != local.State!.Versions.Read()!.PublishedSnapshot)
            throw new RefusedException($"the storage shows another head of {member.Petname} than was published here");
        await Walk.AddAsync(head.Snapshot, head.Location, cancel);
        foreach (var kept in head.Retained)
        {
            var snapshot = await Walk.AddAsync(kept.Id, kept.Location, cancel);
            if (snapshot.Folder != session.Folder.Folder) throw new RefusedException($"a retained snapshot of {member.Petname} belongs to another folder");
        }
    }

    private static void RequireCurrent(FolderSession session, Member member, long seqnum)
    {
        foreach (var local in session.Participants)
        {
            long seen = local.Name == member.Petname ? local.State!.Versions.Read()!.HeadSeqnum : local.State!.Heads.Find(member.Key)?.Seqnum ?? 0;
            if (seqnum < seen) throw new RefusedException($"the storage shows version {seqnum} of the head of {member.Petname}, but version {seen} was seen before: it was rolled back");
        }
    }
}
