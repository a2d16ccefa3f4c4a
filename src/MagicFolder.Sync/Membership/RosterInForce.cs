using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Membership;

/// <summary>
/// Which list of participants counts. The newest that was ever seen stands in where the storage shows an older one, another one under the same number, or none that verifies. One that verifies and makes no
/// sense, or is of a newer format, is no question of that: then this program cannot go on.
/// </summary>
internal static class RosterInForce
{
    /// <summary>Why what the storage shows is not in force; null when it is.</summary>
    internal static string? WhyNot(MutableVersion shown, SeenCollective? known)
    {
        if (known is null || shown.Seqnum > known.Seqnum) return null;
        if (shown.Seqnum < known.Seqnum) return $"the storage shows version {shown.Seqnum} of it, but version {known.Seqnum} was seen before: it was rolled back";
        return shown.Content.Span.SequenceEqual(known.Content) ? null : $"the storage shows two different versions {known.Seqnum} of it";
    }

    /// <summary>Is it this object alone that cannot be read? When the storage is away, nothing is said about the folder at all.</summary>
    internal static async Task<bool> FailsAloneAsync(GridException trouble, Reach reach, CancellationToken cancel) =>
        trouble.Failure is GridFailure.Damaged or GridFailure.NotFound or GridFailure.Denied || await reach.FailsAloneAsync(trouble, cancel);

    /// <summary>For whoever only reads it, and notes nothing.</summary>
    /// <returns>With why it is not the one that the storage shows; null when it is.</returns>
    /// <exception cref="GridException">It cannot be read, and never was; or the storage cannot be reached now.</exception>
    /// <exception cref="DamagedBytesException">It is not a Collective of this folder, or of a newer format.</exception>
    internal static async Task<(Roster Roster, Problem? Problem)> ReadAsync(IGrid grid, MutableReadCap collective, FolderId folder, SeenCollective? known, CancellationToken cancel)
    {
        string? reason;
        try
        {
            var shown = await grid.ReadMutableAsync(collective, cancel);
            reason = WhyNot(shown, known);
            if (reason is null) return (Roster.Read(shown.Content.Span, folder), null);
        }
        catch (GridException e) when (known is not null)
        {
            var others = Roster.Read(known.Content, folder).Members.Select(member => member.Personal);
            if (!await FailsAloneAsync(e, new Reach(grid, [.. others]), cancel)) throw;
            reason = e.Message.TrimEnd('.');
        }
        return (Roster.Read(known!.Content, folder), new Problem("the list of participants", $"the newest that was seen stands in for it: {reason}", "check the storage"));
    }
}
