using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.Snapshots.Retaining;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// Snapshot -> packs -> sealed -> head -> grid. The order is what makes a crash harmless: packs first, so that a head never refers to what is not there; sealed before the
/// head, so that after a crash the very same snapshot is published again and nothing captured later can slip under its number.
/// </summary>
internal sealed class PublishStage
{
    private readonly EngineParts _parts;
    private readonly EngineTools _tools;
    private readonly ParticipantDatabase _state;
    private readonly PackLeases _leases;
    private readonly GridRecheck _recheck;
    private readonly OwnHeadWriter _writer;

    internal PublishStage(EngineParts parts, EngineTools tools)
    {
        _parts = parts;
        _tools = tools;
        _state = parts.State;
        _leases = new PackLeases(parts, tools);
        _recheck = new GridRecheck(parts, tools, _leases);
        _writer = new OwnHeadWriter(parts, tools, _recheck);
    }

    /// <summary>Publishes if the tree differs from what was last published, or something was changed here since.</summary>
    internal async Task<Publication> RunAsync(CancellationToken cancel)
    {
        var finished = await FinishFormerAsync(cancel);
        if (finished.ReadAgain is not null) return finished;
        await _recheck.StoreBesideAsync(cancel);
        var versions = _state.Versions.Read()!;
        if (versions.PublishedRoot == versions.Root && !versions.HasUnsealedEdits) return finished;
        if (!await SealAsync(versions, cancel)) return finished with { ReadAgain = await _recheck.RunDueAsync(cancel) };
        await WriteSealedAsync(FindUnpublished()!, isComplete: true, cancel);
        return new Publication(true, null);
    }

    /// <summary>
    /// Publishes a snapshot that was sealed some time ago but is not known to be published, unchanged. What it refers to may have gone since then; that is stored again with the next one.
    /// </summary>
    internal async Task<Publication> FinishFormerAsync(CancellationToken cancel)
    {
        if (FindUnpublished() is not { } sealedSnapshot) return default;
        var again = await HoldAsync(cancel) ? null : await _recheck.RunDueAsync(cancel);
        // Whether something has gone that is relied on now does not tell: that may have been marked before a crash, and need not be part of this snapshot.
        bool isComplete = true;
        if (_state.Packs.AnyLost()) (sealedSnapshot, isComplete) = await LookAtAsync(sealedSnapshot, cancel);
        await WriteSealedAsync(sealedSnapshot, isComplete, cancel);
        return new Publication(true, again);
    }

    /// <summary>
    /// Does the storage have all that this snapshot refers to? If even its tree has gone, it is left out of the history, like those before it that have gone: nobody can read them, and they would keep
    /// all from freeing anything.
    /// </summary>
    private async Task<(SealedSnapshot ToPublish, bool IsComplete)> LookAtAsync(SealedSnapshot sealedSnapshot, CancellationToken cancel)
    {
        var head = Head.Decode(sealedSnapshot.HeadBytes!);
        var lost = _state.Packs.AllLost();
        head = head.WithoutRetained(kept => kept.Id != head.Snapshot && lost.Contains(kept.Location.Pack));
        var walk = new ReferenceWalk(_tools.Blobs);
        bool isComplete = false;
        try
        {
            await walk.AddAsync(head.Snapshot, head.Location, cancel);
            isComplete = !walk.Packs.Any(lost.Contains);
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { Failure: GridFailure.NotFound or GridFailure.Damaged })
        {
            head = head.WithoutRetained(kept => kept.Id == head.Snapshot);
        }
        catch (GridException)
        {
            // It may well be there.
        }
        return (sealedSnapshot with { HeadBytes = head.Encode() }, isComplete);
    }

    private SealedSnapshot? FindUnpublished() => _state.Sealed.Read() is { } sealedSnapshot && sealedSnapshot.Seq > _state.Versions.Read()!.PublishedSeq ? sealedSnapshot : null;

    private async Task<bool> HoldAsync(CancellationToken cancel)
    {
        using var transaction = _state.Begin();
        bool holds = await _leases.RenewDueAsync(cancel);
        // When not, the look that follows finds the same, and what it means.
        if (holds) transaction.Commit();
        return holds;
    }

    private async Task WriteSealedAsync(SealedSnapshot sealedSnapshot, bool isComplete, CancellationToken cancel)
    {
        var (seqnum, complete) = await _writer.WriteAsync(_state.Versions.Read()!.HeadSeqnum, sealedSnapshot.HeadBytes!, cancel);
        NotePublished(sealedSnapshot, seqnum, complete && isComplete, $"snapshot {sealedSnapshot.Seq} was published");
        Continue(Head.Decode(sealedSnapshot.HeadBytes!));
    }

    /// <summary>
    /// Our own head is missing from the storage or damaged there: what was sealed last is published again, unchanged. A state that has sealed nothing does not know what
    /// stood there, so it waits until that is back.
    /// </summary>
    internal async Task PublishAgainAsync(GridException trouble, CancellationToken cancel)
    {
        if (_state.Sealed.Read() is not { HeadBytes: { } head } sealedSnapshot)
            throw new GridException(
                trouble.Failure, $"What {_parts.Petname} has published is lost or damaged on the storage, and this computer does not know what it was: bring the storage back from a backup. {trouble.Message}", trouble);
        var (seqnum, complete) = await _writer.WriteAgainAsync(_state.Versions.Read()!.HeadSeqnum + 1, head, cancel);
        Continue(Head.Decode(head));
        NotePublished(sealedSnapshot, seqnum, complete, $"snapshot {sealedSnapshot.Seq} was published again: its head was lost or damaged on the storage");
    }

    /// <summary>
    /// An older head of our own stands there: the storage was rolled back, or lags, and all is published again. Where it has everything, the history goes on from what was published last, else from what it shows.
    /// </summary>
    internal async Task StartAgainAsync(long seqnum, CancellationToken cancel)
    {
        await _recheck.RunAsync(cancel);
        if (_state.Sealed.Read() is { HeadBytes: { } last }) ContinueIfThere(Head.Decode(last));
        _state.Versions.Write(_state.Versions.Read()! with { HeadSeqnum = seqnum, PublishedRoot = null });
    }

    /// <summary>What it names may be gone.</summary>
    private void ContinueIfThere(Head head)
    {
        var lost = _state.Packs.AllLost();
        if (!head.Retained.Any(kept => lost.Contains(kept.Location.Pack))) Continue(head);
    }

    /// <summary>In the middle of a run: may what the storage has in place of our head be written over? Otherwise the next publication tells of it.</summary>
    internal bool TryTakeWritingOver() => _writer.TryTakeWritingOver();

    /// <summary>
    /// What was published last stands there, in the form that this state wrote last, or in another: its snapshots were moved to other packs just before a crash, or it is from before they were moved, for the
    /// storage was rolled back or one of its servers lags. Then all is published again.
    /// </summary>
    internal async Task RecognizeAsync(MutableVersion found, Func<bool> mayWriteOver, CancellationToken cancel)
    {
        var versions = _state.Versions.Read()!;
        if (_state.Sealed.Read() is not { HeadBytes: { } bytes } sealedSnapshot || sealedSnapshot.Id != versions.PublishedSnapshot || found.Content.Span.SequenceEqual(bytes))
        {
            _writer.NoteKept();
            if (versions.HeadSeqnum != found.Seqnum) _state.Versions.Write(versions with { HeadSeqnum = found.Seqnum });
        }
        else if (found.Seqnum > versions.HeadSeqnum)
        {
            _writer.NoteKept();
            NoteMoved(found.Seqnum, sealedSnapshot with { HeadBytes = found.Content.ToArray() });
        }
        else if (mayWriteOver())
        {
            // It lags: what it names may be gone, while what the snapshots were moved to is there.
            await StartAgainAsync(found.Seqnum, cancel);
        }
    }

    /// <summary>Writes the head published last anew: the same snapshots at other places, at which they are stored.</summary>
    /// <exception cref="RefusedException">Something has gone from the storage meanwhile.</exception>
    /// <exception cref="SecondWriterException">Another computer writes there.</exception>
    internal async Task WriteMovedAsync(Head moved, CancellationToken cancel)
    {
        if (!await HoldAsync(cancel))
        {
            await _recheck.RunDueAsync(cancel);
            throw new RefusedException($"something that {_parts.Petname} needs has gone from the storage; it is stored again when it publishes the next time");
        }
        byte[] head = moved.Encode();
        var (seqnum, _) = await _writer.WriteAsync(_state.Versions.Read()!.HeadSeqnum, head, cancel);
        NoteMoved(seqnum, _state.Sealed.Read() is { } sealedSnapshot && sealedSnapshot.Id == moved.Snapshot ? sealedSnapshot with { HeadBytes = head } : null);
        Continue(moved);
    }

    private void NoteMoved(long seqnum, SealedSnapshot? sealedSnapshot)
    {
        using var transaction = _state.Begin();
        _state.Versions.Write(_state.Versions.Read()! with { HeadSeqnum = seqnum });
        if (sealedSnapshot is not null) _state.Sealed.Write(sealedSnapshot);
        transaction.Commit();
    }

    /// <summary>Looks whether packs that were reported as damaged are well again.</summary>
    internal Task LookForLostAsync(CancellationToken cancel) => _leases.LookForLostAsync(cancel);

    private void NotePublished(SealedSnapshot sealedSnapshot, long seqnum, bool complete, string text)
    {
        using var transaction = _state.Begin();
        _state.Versions.Write(_state.Versions.Read()! with
        {
            PublishedSeq = sealedSnapshot.Seq,
            PublishedSnapshot = sealedSnapshot.Id,
            // What the storage has lost is stored again with another snapshot.
            PublishedRoot = complete ? sealedSnapshot.Root : null,
            HeadSeqnum = seqnum,
        });
        _state.Sealed.Write(sealedSnapshot);
        _state.Observations.Put(Head.Decode(sealedSnapshot.HeadBytes!).ToObservation());
        _state.Activity.Append(_tools.NowMs(), null, ActivityKinds.Published, text);
        transaction.Commit();
    }

    /// <summary>False if something has gone that counted as stored: nothing was sealed, and what was stored meanwhile is forgotten.</summary>
    private async Task<bool> SealAsync(VersionState versions, CancellationToken cancel)
    {
        using var transaction = _state.Begin();
        if (versions.PublishedRoot is null) _recheck.DistrustTables();
        var actor = _tools.Identity.Actor;
        var snapshot = new Snapshot(
            _parts.Folder, versions.Root, actor, _tools.NextSeq(), _tools.NowMs(), versions.PublishedSnapshot,
            _state.Observations.ReadAll().Without(actor));
        var stored = await SnapshotPublisher.StoreAsync(snapshot, _state.Nodes, _tools.Catalog, _tools.Packs, cancel);
        if (!await _leases.RenewDueAsync(cancel)) return false;

        var head = MakeHead(snapshot, stored);
        _state.Sealed.Write(new SealedSnapshot(snapshot.Seq, stored.Id, snapshot.Encode(), versions.Root, head.Encode()));
        _state.Versions.Write(versions with { HasUnsealedEdits = false });
        transaction.Commit();
        return true;
    }

    private Head MakeHead(Snapshot snapshot, StoredSnapshot stored)
    {
        var message = StatementMessage.For(_parts.Folder, snapshot.Actor, snapshot.Seq, stored.Id);
        var newest = new RetainedSnapshot(stored.Id, snapshot.Seq, snapshot.TimeMs, snapshot.Root, stored.Location);
        return _lastHead = new Head(
            _parts.Folder, snapshot.Actor, _tools.Identity.Nonce, [.. _parts.Personal.Fingerprint.ToArray()],
            snapshot.Seq, stored.Id, [.. _parts.Personal.SignStatement(message)], stored.Location, RetainedIndex.Add(newest, _lastHead?.Retained ?? [], _parts.Options.Retention));
    }

    private Head? _lastHead;

    /// <summary>The head last published, whose index of retained snapshots the next one continues.</summary>
    internal void Continue(Head? head) => _lastHead = head;
}
