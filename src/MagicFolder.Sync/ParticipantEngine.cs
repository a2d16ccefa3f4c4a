using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Marking;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Packing;
using MagicFolder.State;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Guarding;
using MagicFolder.Sync.Membership;
using MagicFolder.Sync.Publishing;
using MagicFolder.Sync.Pulling;
using MagicFolder.Sync.Repacking;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync;

/// <summary>
/// One participant of one folder: pull, join, scan, capture, plan, apply, publish, in rounds. One round at a time; not safe for concurrent use.
/// After any exception, a crash included, opening a new engine on the same state goes on where this one was.
/// </summary>
public sealed class ParticipantEngine : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly EngineTools _tools;
    private readonly PullStage _pull;
    private readonly PublishStage _publish;
    private readonly CrashRecovery _recovery;
    private readonly Housekeeping _housekeeping;
    private readonly RosterReader _rosters;
    private Roster _roster;

    private ParticipantEngine(EngineParts parts, EngineTools tools, RosterReader rosters, Roster roster)
    {
        _parts = parts;
        _tools = tools;
        _rosters = rosters;
        _roster = roster;
        _pull = new PullStage(parts, tools);
        _publish = new PublishStage(parts, tools);
        _recovery = new CrashRecovery(parts, tools);
        _housekeeping = new Housekeeping(parts);
    }

    /// <summary>This state database's actor.</summary>
    public ActorId Actor => _tools.Identity.Actor;

    internal EngineTools Tools => _tools;

    internal Roster Roster => _roster;

    /// <summary>The directory as the engine sees it.</summary>
    internal IDisk Disk => _parts.Disk;

    /// <summary>
    /// Opens the participant: checks that the folder is really there, that nobody else wrote its Personal, and finishes what a crash interrupted. A new state database
    /// becomes a new actor and joins what the participant had published before.
    /// </summary>
    /// <exception cref="FolderUnavailableException">The directory is missing, or is not this folder.</exception>
    /// <exception cref="SecondWriterException">Another computer writes the same Personal.</exception>
    /// <exception cref="RemovedParticipantException">It was removed from the folder.</exception>
    public static async Task<ParticipantEngine> OpenAsync(EngineParts parts, CancellationToken cancel)
    {
        bool isNew = parts.State.Identity.Read() is null;
        bool wasHere = FolderPresence.Check(parts, isNew);
        var rosters = new RosterReader(parts);
        var roster = await rosters.ReadAsync(cancel);
        if (roster.Members.Any(member => member.Personal.Equals(parts.PersonalReadCap) && member.Petname != parts.Petname)) throw KeyOfAnother(parts);
        RefuseRemoved(parts, roster);
        if (isNew) FormerStaging.SetAside(parts, wasHere);
        var identity = isNew ? BecomeNewActor(parts) : parts.State.Identity.Read()!;
        if (identity.Folder != parts.Folder)
            throw new FolderUnavailableException("The state belongs to another folder; give the state directory that was made for this one.");
        // An actor is derived from the Personal of its participant, so it shows whose key this is.
        if (ActorId.Derive(parts.Personal.Fingerprint.ToArray(), identity.Nonce.AsSpan()) != identity.Actor) throw KeyOfAnother(parts);
        parts = parts.Seeing(FolderDisk.Recognize(parts.Disk, parts.State));
        var tools = new EngineTools(parts, identity, roster.Chunking);
        var engine = new ParticipantEngine(parts, tools, rosters, roster);
        try
        {
            engine._recovery.Run();
            await engine.CheckOwnHeadAsync(isOpening: true, cancel);
            engine._recovery.RemoveUnknown();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>One round. <paramref name="scope"/> says where to look for local changes.</summary>
    /// <exception cref="GridException">The grid failed, or has lost what is to be referred to.</exception>
    /// <exception cref="RemovedParticipantException">It was removed from the folder.</exception>
    public async Task<RoundReport> RunRoundAsync(ScanScope scope, CancellationToken cancel)
    {
        try
        {
            long start = _parts.Time.GetTimestamp();
            var report = await RoundAsync(scope, cancel);
            _parts.Progress.AddRound(_parts.Time.GetElapsedTime(start));
            return report;
        }
        catch (UnknownBlobException e)
        {
            throw new GridException(
                GridFailure.NotFound,
                $"The grid no longer has something that a version of {_parts.Petname} needs (blob {e.Id}), and neither has this disk: bring the storage back from a backup; until then nothing is published.",
                e);
        }
    }

    private async Task<RoundReport> RoundAsync(ScanScope scope, CancellationToken cancel)
    {
        FolderPresence.Check(_parts, mayBeNew: false);
        _roster = await _rosters.ReadAsync(cancel);
        RefuseRemoved(_parts, _roster);
        if (scope.IsEverything)
        {
            await _publish.LookForLostAsync(cancel);
            await CheckOwnHeadAsync(isOpening: false, cancel);
        }
        _tools.FailedTries.BeginRound(scope);
        _tools.Changing.BeginRound(scope);
        scope = scope.With(_recovery.RunAgain());
        int joined = await _pull.RunAsync(_roster, cancel);
        if (_tools.Missing.TakeMore() || joined > 0) _tools.FailedTries.NewsCame();
        _parts.Progress.Listener?.PollCompleted();
        int first = await new MaterializeStage(_parts, _tools).RunFirstAsync(IgnoreRules.SharedFile, _roster, cancel);
        if (_tools.Ignore.Refresh() || (scope.Paths.Length > 0 && _parts.State.Guard.Find(GuardOrigins.Local) is not null)) scope = ScanScope.Everything;
        var observations = new LocalScan(_parts, _tools.Ignore.Rules, _tools.Unsettled.Covers).Observe(scope);
        var early = new EarlyPublishing(_parts, _tools, _publish);
        var (captured, unsettled, hasLeftVanished) = await new CaptureStage(_parts, _tools, _roster.IsReadOnly(_parts.PersonalReadCap), early.RunIfDueAsync).RunAsync(observations, scope, cancel);
        if (scope.IsEverything)
        {
            _tools.Settling.ForgetUnasked();
            _parts.Progress.Listener?.ScanCompleted();
        }
        var (applied, disturbed) = await new MaterializeStage(_parts, _tools).RunAsync(_roster, cancel);
        if (await _tools.Missing.AskAsync(cancel))
        {
            _tools.FailedTries.NewsCame();
            var (found, disturbedAgain) = await new MaterializeStage(_parts, _tools).RunAsync(_roster, cancel);
            (applied, disturbed) = (applied + found, [.. disturbed, .. disturbedAgain]);
        }
        var publication = await early.FinishAsync(cancel);
        if (publication.HasPublished) _parts.Published?.Invoke(false);
        _housekeeping.AfterRound(_tools.OpenTree());
        return new RoundReport(joined, captured, first + applied, publication.HasPublished, [.. unsettled.Concat(disturbed).Concat(publication.ReadAgain ?? []).Distinct()])
        {
            IsPutOff = publication.ReadAgain is not null,
            HasLeftVanished = hasLeftVanished,
            HasLeftForLater = _tools.FailedTries.HasPutOff || _tools.Changing.HasPutOff,
        };
    }

    /// <summary>False for what is ignored, whatever it is, and for what is written all the time and looked at in each round anyway, so that nobody need be woken for it.</summary>
    internal bool MayLookAt(RelativePath path) => !_tools.Changing.IsWaiting(path) && !(_tools.Ignore.Rules.Covers(path, isDirectory: false) && _tools.Ignore.Rules.Covers(path, isDirectory: true));

    /// <summary>Takes what its head retains out of these packs; between two rounds. False when it names none of them.</summary>
    internal Task<bool> LeavePacksAsync(IReadOnlySet<PackRef> leaving, Func<BlobId, IEnumerable<BlobLocation>> named, CancellationToken cancel) =>
        new HistoryMove(_parts, _tools, _publish).RunAsync(leaving, named, cancel);

    public ValueTask DisposeAsync() => _tools.DisposeAsync();

    private static DamagedBytesException KeyOfAnother(EngineParts parts) => new(
        DamageReason.BadSignature, $"The key that the configuration has for {parts.Petname} belongs to another: bring folder.json back from a backup. Nothing was written.");

    private static void RefuseRemoved(EngineParts parts, Roster roster)
    {
        if (roster.Members.Any(member => member.Removed && member.Personal.Equals(parts.PersonalReadCap))) throw new RemovedParticipantException(parts.Petname, roster.Name);
    }

    private static ParticipantIdentity BecomeNewActor(EngineParts parts)
    {
        var nonce = new byte[16];
        parts.Random.Fill(nonce);
        var identity = new ParticipantIdentity(
            parts.Folder, parts.Petname, ActorId.Derive(parts.Personal.Fingerprint.ToArray(), nonce), [.. nonce]);
        using var transaction = parts.State.Begin();
        parts.State.Identity.Write(identity);
        parts.State.Versions.Write(new VersionState(Dmt.Empty(parts.State.Nodes).Root, 0, null, null, 0));
        transaction.Commit();
        return identity;
    }

    /// <summary>
    /// On opening, and with every look at everything, for a storage may be put back while nothing is published here.
    /// Promise 3: what stands in our own Personal is what this state published or sealed, or, for a new state, the past that we join. Anything else is a second writer;
    /// an older one of our own, or none that verifies, is a storage that lost something, which publishing again repairs.
    /// </summary>
    private async Task CheckOwnHeadAsync(bool isOpening, CancellationToken cancel)
    {
        MutableVersion found;
        try
        {
            found = await _parts.Grid.ReadMutableAsync(_parts.PersonalReadCap, cancel);
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound or GridFailure.Damaged or GridFailure.Denied)
        {
            if (isOpening || _publish.TryTakeWritingOver()) await _publish.PublishAgainAsync(e, cancel);
            return;
        }
        var versions = _parts.State.Versions.Read()!;
        var head = found.Content.IsEmpty ? null : Head.Decode(found.Content);
        var kind = OwnHeads.Judge(_parts, _tools, head);
        if (kind == OwnHeadKind.Older && !isOpening && !_publish.TryTakeWritingOver()) return;
        _publish.Continue(head);
        if (_parts.State.Sealed.Read() is { } sealedSnapshot && sealedSnapshot.Seq > versions.PublishedSeq && head?.Snapshot == sealedSnapshot.Id)
        {
            await _publish.FinishFormerAsync(cancel);
            return;
        }
        switch (kind)
        {
            case OwnHeadKind.Current:
                await _publish.RecognizeAsync(found, () => isOpening || _publish.TryTakeWritingOver(), cancel);
                break;
            case OwnHeadKind.NewerPast:
                await _pull.JoinOwnPastAsync(_roster, found.Seqnum, head!, cancel);
                break;
            case OwnHeadKind.Older:
                await _publish.StartAgainAsync(found.Seqnum, cancel);
                break;
            default:
                throw new SecondWriterException(_parts.Petname);
        }
    }
}
