using MagicFolder.Grid;
using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Publishing;

/// <summary>
/// Writes our own Personal, whatever the storage shows in its place: an older version is written over, and so is what does not verify, for nobody else may write there. Only
/// a second writer stops it.
/// </summary>
internal sealed class OwnHeadWriter(EngineParts parts, EngineTools tools, GridRecheck recheck)
{
    private bool _wasOlder;

    /// <summary>May what the storage has in place of our head be written over? Once: a storage that keeps nothing of what it takes is not written to for ever.</summary>
    internal bool TryTakeWritingOver()
    {
        if (_wasOlder) return false;
        return _wasOlder = true;
    }

    /// <summary>The storage has kept what was written.</summary>
    internal void NoteKept() => _wasOlder = false;

    /// <summary>The seqnum under which the head stands now, and whether the storage has all that it refers to.</summary>
    /// <exception cref="SecondWriterException">Another computer writes there.</exception>
    internal async Task<(long Seqnum, bool Complete)> WriteAsync(long expectedSeqnum, byte[] head, CancellationToken cancel)
    {
        try
        {
            return (await parts.Grid.PublishMutableAsync(parts.PersonalWriteCap, expectedSeqnum, head, cancel), true);
        }
        catch (GridException e) when (e.Failure is GridFailure.NotFound or GridFailure.Damaged)
        {
            return await WriteAgainAsync(expectedSeqnum + 1, head, cancel);
        }
        catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite)
        {
            return await WriteOverOlderAsync(head, e, cancel);
        }
    }

    /// <summary>Puts the head in the place of what is missing or does not verify.</summary>
    internal async Task<(long Seqnum, bool Complete)> WriteAgainAsync(long seqnum, byte[] head, CancellationToken cancel)
    {
        bool complete = await recheck.RunAsync(cancel);
        try
        {
            await parts.Grid.RewriteMutableAsync(parts.Personal, seqnum, head, cancel);
        }
        catch (GridException e) when (e.IsPermanent)
        {
            throw new GridException(
                GridFailure.Damaged, $"What {parts.Petname} has published is lost or damaged on the storage and cannot be written again: {e.Message}", e);
        }
        return (seqnum, complete);
    }

    private async Task<(long Seqnum, bool Complete)> WriteOverOlderAsync(byte[] head, GridException trouble, CancellationToken cancel)
    {
        var found = await parts.Grid.ReadMutableAsync(parts.PersonalReadCap, cancel);
        if (found.Content.Span.SequenceEqual(head)) return (found.Seqnum, true);
        var kind = OwnHeads.Judge(parts, tools, found.Content.IsEmpty ? null : Head.Decode(found.Content));
        if (kind == OwnHeadKind.Foreign) throw new SecondWriterException(parts.Petname);
        if (kind is OwnHeadKind.Older or OwnHeadKind.Current && TryTakeWritingOver())
        {
            bool complete = kind == OwnHeadKind.Current || await recheck.RunAsync(cancel);
            return (await parts.Grid.PublishMutableAsync(parts.PersonalWriteCap, found.Seqnum, head, cancel), complete);
        }
        // The seqnum came from a server that lagged behind. Opened again, it is read once more, and a past that went on is joined.
        throw new GridException(GridFailure.UncoordinatedWrite, $"The storage showed an older version of what {parts.Petname} published; trying again.", trouble);
    }
}
