using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Joining;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.State;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Repacking;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Pulling;

/// <summary>
/// grid -> head -> remote snapshot -> join. Everything of one snapshot (nodes, locations, the joined tree, the merged context) is one transaction. What does not
/// verify is refused with one problem that names the participant, and the others go on.
/// </summary>
internal sealed class PullStage(EngineParts parts, EngineTools tools)
{
    private const string ProblemSource = "grid";
    private readonly ParticipantDatabase _state = parts.State;

    /// <summary>The number of snapshots joined.</summary>
    internal async Task<int> RunAsync(Roster roster, CancellationToken cancel)
    {
        int joined = 0;
        var problems = new List<Problem>();
        foreach (var member in roster.Members)
        {
            if (!member.IsJoined || member.Personal.Equals(parts.PersonalReadCap)) continue;
            try
            {
                if (await PullAsync(roster, member, cancel)) joined++;
            }
            catch (DamagedBytesException e)
            {
                problems.Add(new Problem(member.Petname, e.Message.TrimEnd('.'), AdviceFor(e.Reason)));
            }
            catch (GridException e) when (e.IsPermanent && e.Failure is not GridFailure.LocksUnsupported)
            {
                problems.Add(new Problem(member.Petname, e.Message.TrimEnd('.'), "the other participants go on; check the storage"));
            }
            catch (GridException e) when (e.Failure == GridFailure.Io)
            {
                if (!await tools.Reach.FailsAloneAsync(e, cancel)) throw;
                problems.Add(new Problem(member.Petname, e.Message.TrimEnd('.'), "the other participants go on; check the storage"));
            }
        }
        _state.Problems.Replace(ProblemSource, problems);
        return joined;
    }

    private async Task<bool> PullAsync(Roster roster, Member member, CancellationToken cancel)
    {
        var version = await parts.Grid.ReadMutableAsync(member.Personal, cancel);
        if (version.Content.IsEmpty) return false;
        var head = Head.Decode(version.Content);
        if (head.Folder != parts.Folder) throw new DamagedBytesException(DamageReason.Malformed, $"The head of {member.Petname} belongs to another folder.");
        if (!head.Fingerprint.AsSpan().SequenceEqual(member.Personal.Fingerprint.ToArray()))
            throw new DamagedBytesException(DamageReason.BadSignature, $"The head of {member.Petname} speaks for somebody else.");
        if (IsKnown(member, head))
        {
            if (MovedPlaces.AreIn(head, member.Key, _state)) await LearnPlacesAsync(member, version.Seqnum, head, cancel);
            return false;
        }
        roster.Verify(parts.Folder, head.ToObservation());
        return await JoinAsync(roster, member, version.Seqnum, head, beforeCommit: null, cancel);
    }

    /// <summary>Its snapshots lie elsewhere than they did when the last of them was joined (docs/decisions/0017-repacking.md).</summary>
    private async Task LearnPlacesAsync(Member member, long seqnum, Head head, CancellationToken cancel)
    {
        using var transaction = _state.Begin();
        await MovedPlaces.LearnAsync(head, tools.Blobs, tools.Catalog, tools.Reach, cancel);
        if (_state.Heads.Find(member.Key) is { } seen && seen.Seqnum < seqnum) _state.Heads.Put(seen with { Seqnum = seqnum });
        transaction.Commit();
    }

    /// <summary>A new actor of a participant that lost its state joins the participant's own last head like any other, and goes on from it.</summary>
    internal async Task JoinOwnPastAsync(Roster roster, long seqnum, Head head, CancellationToken cancel)
    {
        roster.Verify(parts.Folder, head.ToObservation());
        var self = roster.Members.FirstOrDefault(member => member.Personal.Equals(parts.PersonalReadCap))
            ?? throw new DamagedBytesException(DamageReason.BadSignature, $"The Collective does not list {parts.Petname}.");
        await JoinAsync(roster, self, seqnum, head, () => GoOnFrom(seqnum, head), cancel);
    }

    private void GoOnFrom(long seqnum, Head past)
    {
        var versions = _state.Versions.Read()!;
        var after = versions with { PublishedSnapshot = past.Snapshot, HeadSeqnum = seqnum };
        if (_state.Sealed.Read() is { } early && early.Seq > versions.PublishedSeq && seqnum > versions.HeadSeqnum)
        {
            // Sealed when the storage had not shown this past yet, and never written, for the past stood there. It would look like a version from before the past: its number is passed over.
            _state.Sealed.Clear();
            after = after with { PublishedSeq = early.Seq, PublishedRoot = null };
        }
        _state.Versions.Write(after);
    }

    /// <summary>True when there is nothing new. A head older than what was seen is a rollback; another snapshot under the same number is a fork.</summary>
    private bool IsKnown(Member member, Head head)
    {
        var known = _state.Observations.Find(head.Actor);
        if (known is not null) RefuseRollbackOrFork(member, head, known);
        // The snapshot may be known from others' contexts without having been read itself; only one that was read and joined is old news.
        return _state.Heads.Find(member.Key) is { } seen && seen.Actor == head.Actor && seen.Seq == head.Seq && seen.Snapshot == head.Snapshot;
    }

    private static void RefuseRollbackOrFork(Member member, Head head, Observation known)
    {
        if (head.Seq < known.Seq)
            throw new DamagedBytesException(DamageReason.Fork, $"The storage shows version {head.Seq} of {member.Petname}, but version {known.Seq} was seen before: it was rolled back.");
        if (head.Seq == known.Seq && head.Snapshot != known.Snapshot)
            throw new DamagedBytesException(DamageReason.Fork, $"There are two different versions {head.Seq} of {member.Petname}: somebody else writes under its identity.");
    }

    private async Task<bool> JoinAsync(Roster roster, Member member, long seqnum, Head head, Action? beforeCommit, CancellationToken cancel)
    {
        using var transaction = _state.Begin();
        bool isMoved = MovedPlaces.AreIn(head, member.Key, _state);
        var snapshot = await tools.Fetcher.FetchSnapshotAsync(head.Snapshot, head.Location, cancel);
        if (snapshot.Folder != parts.Folder || snapshot.Actor != head.Actor || snapshot.Seq != head.Seq)
            throw new DamagedBytesException(DamageReason.Malformed, $"The newest snapshot of {member.Petname} is not the one that its head states.");
        // What we published ourselves was encoded, so it can be again.
        if (!member.Personal.Equals(parts.PersonalReadCap)) ObservedRoom.Require(member.Petname, _state.Observations.ReadAll(), snapshot, head.ToObservation());
        CheckObserved(roster, snapshot);
        RefuseRollbackToFormerActor(member, snapshot);
        var arrivals = await tools.Fetcher.FetchTreeAsync(snapshot.Root, _state.Nodes, cancel);
        // What was here before is part of trees that were verified, or made here.
        Dmt.Verify(_state.Nodes, snapshot.Root, id => !arrivals.Contains(id));
        if (isMoved) await MovedPlaces.LearnAsync(head, tools.Blobs, tools.Catalog, tools.Reach, cancel);

        var changes = new ArrivingChanges(_state, parts.Disk);
        var result = Join.Compute(
            tools.OpenTree(), tools.Context(), Dmt.Open(_state.Nodes, snapshot.Root), snapshot.Context, changes.Add, MakerOf(member, snapshot));
        _state.Versions.Write(_state.Versions.Read()! with { Root = result.Result.Root });
        foreach (var observation in snapshot.Observed.All)
            if (observation.Actor != tools.Identity.Actor) _state.Observations.Put(observation);
        _state.Observations.Put(head.ToObservation());
        _state.Heads.Put(new SeenHead(member.Key, seqnum, head.Actor, head.Seq, head.Snapshot, snapshot.Root, snapshot.TimeMs) { Observed = [.. snapshot.Observed.All.Select(seen => new Dot(seen.Actor, seen.Seq))] });
        if (changes.Count > 0)
            _state.Activity.Append(tools.NowMs(), null, ActivityKinds.Joined, $"snapshot {head.Seq} of {member.Petname} changed {changes.Count} paths");
        beforeCommit?.Invoke();
        transaction.Commit();
        parts.Progress.AddToApply(changes.Count);
        return true;
    }

    private SnapshotMaker MakerOf(Member member, Snapshot snapshot) => SnapshotMaker.Of(
        snapshot.Actor, _state.Heads.Find(member.Key) is { } seen && seen.Actor == snapshot.Actor ? seen.Seq : 0, member.Personal.Fingerprint.ToArray(), snapshot.Observed);

    /// <summary>A participant joins its own last head before it goes on as a new actor; a head that has not seen the one read before is from the time before that.</summary>
    private void RefuseRollbackToFormerActor(Member member, Snapshot snapshot)
    {
        if (_state.Heads.Find(member.Key) is { } seen && seen.Actor != snapshot.Actor && snapshot.Context[seen.Actor] < seen.Seq)
            throw new DamagedBytesException(DamageReason.Fork, $"The storage shows a version of {member.Petname} from before version {seen.Actor}-{seen.Seq}, which was seen already: it was rolled back.");
    }

    private void CheckObserved(Roster roster, Snapshot snapshot)
    {
        foreach (var observation in snapshot.Observed.All)
        {
            if (observation.Actor == tools.Identity.Actor && observation.Seq >= tools.NextSeq())
                throw new DamagedBytesException(DamageReason.Fork, "Somebody has seen a version of this participant that this computer never made: another computer writes under the same identity.");
            if (_state.Observations.Find(observation.Actor) is { } known)
            {
                if (known.Seq == observation.Seq && known.Snapshot != observation.Snapshot)
                    throw new DamagedBytesException(DamageReason.Fork, $"There are two different versions {observation.Actor}-{observation.Seq}.");
                if (known == observation) continue;
            }
            roster.Verify(parts.Folder, observation);
        }
    }

    private static string AdviceFor(DamageReason reason) => reason switch
    {
        DamageReason.NewerFormat => "update this program; nothing of it was touched",
        DamageReason.Fork => "its newer versions are not used until that is cleared up; if the storage was restored from a backup, let that participant publish again",
        DamageReason.BadSignature => "it is refused; ask who administers the folder",
        _ => "it is refused; the other participants go on",
    };
}
