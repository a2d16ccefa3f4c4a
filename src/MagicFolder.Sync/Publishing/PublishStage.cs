using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Publishing;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// Snapshot -> packs -> sealed -> head -> grid. The order is what makes a crash harmless: packs first, so that a head never refers to what is not there; sealed before the
/// head, so that after a crash the very same snapshot is published again and nothing captured later can slip under its number.
/// </summary>
internal sealed class PublishStage(EngineParts parts, EngineTools tools)
{
    private readonly ParticipantDatabase _state = parts.State;

    /// <summary>Publishes if the tree differs from what was last published. True if a head was written.</summary>
    internal async Task<bool> RunAsync(CancellationToken cancel)
    {
        bool finished = await FinishSealedAsync(cancel);
        var versions = _state.Versions.Read()!;
        if (versions.PublishedRoot == versions.Root) return finished;
        await SealAsync(versions, cancel);
        await FinishSealedAsync(cancel);
        return true;
    }

    /// <summary>Publishes a snapshot that was sealed but is not known to be published, unchanged.</summary>
    internal async Task<bool> FinishSealedAsync(CancellationToken cancel)
    {
        if (_state.Sealed.Read() is not { } sealedSnapshot) return false;
        var versions = _state.Versions.Read()!;
        long seqnum = await WriteHeadAsync(versions.HeadSeqnum, sealedSnapshot.HeadBytes!, cancel);
        using var transaction = _state.Begin();
        _state.Versions.Write(_state.Versions.Read()! with
        {
            PublishedSeq = sealedSnapshot.Seq,
            PublishedSnapshot = sealedSnapshot.Id,
            PublishedRoot = sealedSnapshot.Root,
            HeadSeqnum = seqnum,
        });
        _state.Observations.Put(Head.Decode(sealedSnapshot.HeadBytes!).ToObservation());
        _state.Sealed.Clear();
        _state.Activity.Append(tools.NowMs(), null, ActivityKinds.Published, $"snapshot {sealedSnapshot.Seq} was published");
        transaction.Commit();
        return true;
    }

    private async Task SealAsync(VersionState versions, CancellationToken cancel)
    {
        using var transaction = _state.Begin();
        var actor = tools.Identity.Actor;
        var snapshot = new Snapshot(
            parts.Folder, versions.Root, actor, tools.NextSeq(), tools.NowMs(), versions.PublishedSnapshot,
            _state.Observations.ReadAll().Without(actor));
        var stored = await SnapshotPublisher.StoreAsync(snapshot, _state.Nodes, tools.Catalog, tools.Packs, cancel);
        await LeasePacksAsync(cancel);

        var head = MakeHead(snapshot, stored);
        _state.Sealed.Write(new SealedSnapshot(snapshot.Seq, stored.Id, snapshot.Encode(), versions.Root, head.Encode()));
        transaction.Commit();
    }

    private Head MakeHead(Snapshot snapshot, StoredSnapshot stored)
    {
        var message = StatementMessage.For(parts.Folder, snapshot.Actor, snapshot.Seq, stored.Id);
        var newest = new RetainedSnapshot(stored.Id, snapshot.Seq, snapshot.TimeMs, snapshot.Root, stored.Location);
        return _lastHead = new Head(
            parts.Folder, snapshot.Actor, tools.Identity.Nonce, [.. parts.Personal.Fingerprint.ToArray()],
            snapshot.Seq, stored.Id, [.. parts.Personal.SignStatement(message)], stored.Location, RetainedIndex.Add(newest, _lastHead?.Retained ?? []));
    }

    private Head? _lastHead;

    /// <summary>The head last published, whose index of retained snapshots the next one continues.</summary>
    internal void Continue(Head? head) => _lastHead = head;

    /// <summary>A publisher holds its own lease on every pack that it refers to before the head is written.</summary>
    private async Task LeasePacksAsync(CancellationToken cancel)
    {
        long renewBefore = (parts.Time.GetUtcNow() + (Blobs.StateCatalog.LeaseDuration / 2)).ToUnixTimeMilliseconds();
        foreach (var pack in _state.Packs.LeaseDue(renewBefore))
        {
            // What others call a pack need not be one.
            if (!Cap.TryParse(pack.Reveal(), out var parsed) || parsed is not ChkCap cap) continue;
            if (await parts.Grid.RenewLeaseAsync(cap.StorageIndex, cancel)) tools.Catalog.PackStored(pack);
            else _state.Packs.MarkLost(pack);
        }
    }

    private async Task<long> WriteHeadAsync(long expectedSeqnum, byte[] bytes, CancellationToken cancel)
    {
        try
        {
            return await parts.Grid.PublishMutableAsync(parts.PersonalWriteCap, expectedSeqnum, bytes, cancel);
        }
        catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite)
        {
            var found = await parts.Grid.ReadMutableAsync(parts.PersonalReadCap, cancel);
            if (found.Content.Span.SequenceEqual(bytes)) return found.Seqnum;
            var kind = OwnHeads.Judge(parts, tools, found.Content.IsEmpty ? null : Head.Decode(found.Content));
            if (kind == OwnHeadKind.Foreign) throw new SecondWriterException(parts.Petname);
            // The seqnum came from a server that lagged behind. Opened again, it is read once more, and a past that went on is joined.
            throw new GridException(GridFailure.Unavailable, $"The storage showed an older version of what {parts.Petname} published; trying again.", e);
        }
    }
}
