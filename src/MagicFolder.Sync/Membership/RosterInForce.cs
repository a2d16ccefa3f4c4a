using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>The list of participants for whoever only reads it: the newest that was seen stands in for one that the storage has lost, or shows an older one of. Notes nothing.</summary>
internal static class RosterInForce
{
    /// <returns>With why it is not the one that the storage shows; null when it is.</returns>
    /// <exception cref="GridException">It cannot be read, and never was; or the storage cannot be reached now.</exception>
    /// <exception cref="DamagedBytesException">It is not a Collective of this folder, or of a newer format, and none was seen.</exception>
    internal static async Task<(Roster Roster, Problem? Problem)> ReadAsync(IGrid grid, MutableReadCap collective, FolderId folder, SeenCollective? known, CancellationToken cancel)
    {
        string reason;
        try
        {
            var found = await grid.ReadMutableAsync(collective, cancel);
            if (known is null || found.Seqnum >= known.Seqnum) return (Roster.Read(found.Content.Span, folder), null);
            reason = $"the storage shows version {found.Seqnum} of it, but version {known.Seqnum} was seen before: it was rolled back";
        }
        catch (Exception e) when (known is not null && e is DamagedBytesException or GridException { IsPermanent: true })
        {
            reason = e.Message.TrimEnd('.');
        }
        return (Roster.Read(known!.Content, folder), new Problem("the list of participants", $"the newest that was seen stands in for it: {reason}", "check the storage"));
    }
}
