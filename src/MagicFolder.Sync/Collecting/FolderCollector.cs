using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.State;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Collecting;

/// <summary>
/// Frees what a folder's participants here have made or read, and what no retained snapshot of anybody refers to any more (docs/decisions/0015-collecting.md). All participants of this computer are
/// open in the session, so that nothing else works with their states.
/// </summary>
/// <remarks>
/// The order makes a crash harmless. First the states are told that the packs are lost, and that what lies with a table that nobody retains is a claim only: nothing is relied on any more that may go.
/// Then the storage is asked, pack by pack, and last the states forget what has gone. What a crash left undone counts as lost, and is looked for at the next publication.
/// </remarks>
public sealed class FolderCollector(FolderSession session)
{
    /// <summary>Places that the heads of each participant elsewhere may name besides those of this computer, before that is taken for an attack.</summary>
    internal long MostPlaces { get; init; } = FetchLimits.Default.MaxNodes;

    /// <param name="elsewhere">What other folders of this computer name; it stays.</param>
    /// <param name="pretend">Free nothing, and say what would be.</param>
    /// <param name="cancel">Stops between two packs.</param>
    /// <returns>Also when it cannot be done: then with the reason.</returns>
    public async Task<FolderCollection> CollectAsync(IReadOnlySet<StorageIndex> elsewhere, bool pretend, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(elsewhere);
        try
        {
            if (session.Grid is not IGridReclaimer reclaimer) throw new RefusedException("this storage frees nothing on request");
            await reclaimer.RequireEveryServerAsync(cancel);
            // What was changed here so far has to be published, so that the own head tells what is needed.
            await session.RunToRestAsync(cancel);
            foreach (var participant in session.Participants) RequireAtRest(participant);
            await using var before = await RetainedReferences.ReadAsync(session, MostPlaces, cancel);
            var rewriting = new PackRewriting(session, elsewhere);
            await rewriting.RunAsync(before, pretend, cancel);
            if (!rewriting.HasMoved) return await FreeAsync(reclaimer, before, null, rewriting, elsewhere, pretend, cancel);
            await using var after = await RetainedReferences.ReadAsync(session, MostPlaces, cancel);
            // Others may be about to refer to what they have just read of the heads of before: they see where it has gone before the next collection.
            return await FreeAsync(reclaimer, after, after.HasOthers ? before : null, rewriting, elsewhere, pretend, cancel);
        }
        catch (Exception e) when (e is RefusedException or GridException or DamagedBytesException)
        {
            return FolderCollection.Refused(session.Folder.Name, e.Message.TrimEnd('.'));
        }
    }

    private static void RequireAtRest(SessionParticipant participant)
    {
        participant.RequireRunning();
        var versions = participant.State!.Versions.Read()!;
        if (versions.PublishedRoot != versions.Root || versions.HasUnsealedEdits) throw new RefusedException($"{participant.Name} has changes that are not published yet; try again when it is in sync");
    }

    private async Task<FolderCollection> FreeAsync(
        IGridReclaimer reclaimer, RetainedReferences retained, RetainedReferences? spared, PackRewriting rewriting, IReadOnlySet<StorageIndex> elsewhere, bool pretend, CancellationToken cancel)
    {
        var candidates = Candidates(retained, spared, elsewhere);
        var named = candidates.Keys.ToHashSet();
        var collection = new FolderCollection(session.Folder.Name, retained.Packs.Count, 0, 0, 0, rewriting.Packs, rewriting.Bytes, rewriting.Trouble);
        try
        {
            collection = await LeaveWhatIsNoPackAsync(collection, candidates, reclaimer, cancel);
        }
        catch (GridException e)
        {
            return collection with { Reason = collection.Reason ?? e.Message.TrimEnd('.') };
        }
        var heardOf = pretend ? [] : OnlyHeardOf(retained, spared, named);
        if (candidates.Count + heardOf.Count == 0) return collection;
        if (!pretend) Distrust(retained, spared, candidates.Keys);
        foreach (var (pack, index) in candidates)
        {
            Reclaimed reclaimed;
            try
            {
                reclaimed = await reclaimer.ReclaimAsync(index, pretend, cancel);
            }
            catch (GridException e)
            {
                return collection with { Reason = collection.Reason ?? e.Message.TrimEnd('.') };
            }
            collection = Count(collection, reclaimed, index);
            if (!pretend && reclaimed.Outcome is ReclaimOutcome.Deleted or ReclaimOutcome.NotFound or ReclaimOutcome.Leased) Forget(pack, isGone: reclaimed.Outcome != ReclaimOutcome.Leased);
        }
        return await LetGoAsync(collection, heardOf, reclaimer, cancel);
    }

    /// <summary>What nothing here refers to is not to be kept from those who may free it.</summary>
    private async Task<FolderCollection> LetGoAsync(FolderCollection collection, IReadOnlyList<(PackRef Pack, StorageIndex Index)> heardOf, IGridReclaimer reclaimer, CancellationToken cancel)
    {
        foreach (var (pack, index) in heardOf)
        {
            try
            {
                await reclaimer.EndLeaseAsync(index, cancel);
            }
            catch (GridException e) when (e.IsPermanent)
            {
                continue;
            }
            catch (GridException e)
            {
                return collection with { Reason = collection.Reason ?? e.Message.TrimEnd('.') };
            }
            foreach (var participant in session.Participants) participant.State!.Packs.Forget(pack);
        }
        return collection;
    }

    /// <summary>Packs of others are looked at as a whole: what was read there may have been part of anything.</summary>
    private async Task<FolderCollection> LeaveWhatIsNoPackAsync(FolderCollection collection, Dictionary<PackRef, StorageIndex> candidates, IGridReclaimer reclaimer, CancellationToken cancel)
    {
        var made = session.Participants.SelectMany(one => one.State!.Packs.All()).Where(known => known.Own).Select(known => known.Pack).ToHashSet();
        // They were looked at when they were given up.
        made.UnionWith(session.Participants.SelectMany(one => one.State!.GivenUpPacks.All()));
        foreach (var (pack, index) in candidates.Where(candidate => !made.Contains(candidate.Key)).ToArray())
        {
            var proof = await PackProofs.LookAsync(session.Grid, reclaimer, pack, index, cancel);
            if (proof == PackProof.Damaged) collection = Count(collection, new Reclaimed(ReclaimOutcome.Damaged, 0), index);
            if (proof != PackProof.Pack) candidates.Remove(pack);
        }
        return collection;
    }

    /// <summary>What a state only heard of is not among it: what others call a pack may be anything.</summary>
    private Dictionary<PackRef, StorageIndex> Candidates(RetainedReferences retained, RetainedReferences? spared, IReadOnlySet<StorageIndex> elsewhere)
    {
        var candidates = new Dictionary<PackRef, StorageIndex>();
        foreach (var participant in session.Participants)
        {
            foreach (var (_, pack, leasedUntil, own) in participant.State!.Packs.All())
            {
                // Of what it has stored itself it may have come to doubt all tables.
                if ((own && leasedUntil >= 0) || participant.State.Packs.IsReliedOn(pack)) Add(pack);
            }
            foreach (var pack in participant.State.GivenUpPacks.All()) Add(pack);
        }
        foreach (var pack in session.Participants.SelectMany(participant => InsteadOfLost(participant.State!, retained))) candidates.Remove(pack);
        return candidates;

        void Add(PackRef pack)
        {
            if (UnneededIndexOf(pack, retained, spared) is { } index && !elsewhere.Contains(index)) candidates.TryAdd(pack, index);
        }
    }

    /// <summary>
    /// Packs that others have told of, as places of what nobody retains any more. They are not freed from here, for what others call a pack may be anything; but a lease on them would keep whoever has stored
    /// them from it.
    /// </summary>
    private List<(PackRef Pack, StorageIndex Index)> OnlyHeardOf(RetainedReferences retained, RetainedReferences? spared, IReadOnlySet<PackRef> candidates)
    {
        var known = session.Participants.SelectMany(participant => participant.State!.Packs.All()).ToLookup(row => row.Pack);
        var spoken = session.Participants.SelectMany(participant => InsteadOfLost(participant.State!, retained)).ToHashSet();
        var heardOf = new List<(PackRef Pack, StorageIndex Index)>();
        foreach (var pack in known)
        {
            if (candidates.Contains(pack.Key) || spoken.Contains(pack.Key) || pack.Any(row => row.Own || row.LeasedUntilMs < 0)) continue;
            if (session.Participants.Any(participant => participant.State!.Packs.IsReliedOn(pack.Key))) continue;
            if (UnneededIndexOf(pack.Key, retained, spared) is { } index) heardOf.Add((pack.Key, index));
        }
        return heardOf;
    }

    private static StorageIndex? UnneededIndexOf(PackRef pack, RetainedReferences retained, RetainedReferences? spared) =>
        KnownPacks.IndexOf(pack) is { } index && !retained.Packs.Contains(index) && spared?.Packs.Contains(index) != true ? index : null;

    /// <summary>The packs in which this state knows what the histories name where it has gone: until they name it there, nothing else keeps it.</summary>
    private static IReadOnlySet<PackRef> InsteadOfLost(ParticipantDatabase state, RetainedReferences retained)
    {
        var lost = state.Packs.AllLost();
        return lost.Count == 0 ? lost : retained.Walk.Places.Where(place => lost.Contains(place.Location.Pack)).SelectMany(place => state.Blobs.Find(place.Id)).Select(location => location.Pack).ToHashSet();
    }

    private void Distrust(RetainedReferences retained, RetainedReferences? spared, IReadOnlyCollection<PackRef> candidates)
    {
        foreach (var participant in session.Participants)
        {
            var state = participant.State!;
            using var transaction = state.Begin();
            foreach (var pack in candidates) state.Packs.MarkLost(pack);
            state.Blobs.UncheckTables((id, location) => retained.Walk.Has(id, location) || spared?.Walk.Has(id, location) == true);
            transaction.Commit();
        }
    }

    /// <summary>What has not gone is tried again by each collection: whoever has a lease on it may never run one.</summary>
    private void Forget(PackRef pack, bool isGone)
    {
        foreach (var participant in session.Participants)
        {
            var state = participant.State!;
            using var transaction = state.Begin();
            state.Packs.Forget(pack);
            if (isGone) state.GivenUpPacks.Remove(pack);
            else state.GivenUpPacks.Add(pack);
            transaction.Commit();
        }
    }

    private static FolderCollection Count(FolderCollection sum, Reclaimed reclaimed, StorageIndex index) => reclaimed.Outcome switch
    {
        ReclaimOutcome.Deleted => sum with { Freed = sum.Freed + 1, Bytes = sum.Bytes + reclaimed.Bytes },
        ReclaimOutcome.Leased => sum with { Leased = sum.Leased + 1 },
        ReclaimOutcome.NotFound => sum,
        _ => sum with { Reason = sum.Reason ?? $"the pack {index} cannot be understood on the storage, so it stays" },
    };
}
