using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>Changes the Collective: read, decide, test-and-set; again when somebody else was faster.</summary>
internal sealed class CollectiveEditor(IGrid grid, FolderId folder, CollectiveAccess access)
{
    private const int MostAttempts = 8;

    /// <exception cref="DamagedBytesException">Not the Collective of this folder, or of a newer format.</exception>
    internal async Task<(long Seqnum, Collective Collective)> ReadAsync(CancellationToken cancel)
    {
        var version = await grid.ReadMutableAsync(access.ReadCap, cancel);
        var collective = Collective.Decode(version.Content);
        if (collective.Folder != folder) throw new DamagedBytesException(DamageReason.Malformed, "The Collective belongs to another folder.");
        return (version.Seqnum, collective);
    }

    /// <param name="cap">The right to write it.</param>
    /// <param name="change">Given what stands there; called again when that changed meanwhile. The same object, or null, when there is nothing to do.</param>
    /// <param name="cancel">Stops.</param>
    internal async Task EditAsync(MutableWriteCap cap, Func<Collective, Collective?> change, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            var (seqnum, collective) = await ReadAsync(cancel);
            if (change(collective) is not { } changed || ReferenceEquals(changed, collective)) return;
            try
            {
                await grid.PublishMutableAsync(cap, seqnum, changed.Encode(), cancel);
                return;
            }
            catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite && attempt < MostAttempts)
            {
                // Another process of the admin was faster: what it wrote is read, and decided about anew.
            }
        }
    }
}
