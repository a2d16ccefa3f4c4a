using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Membership;

/// <summary>
/// Reads the Collective. The newest that was ever read stays in force when the storage shows an older one (which could bring back a participant that was removed), another
/// under the same number, or none that verifies. The admin's computer writes it again over an older one, and, where it has kept the key, in place of one that is lost or damaged.
/// </summary>
internal sealed class RosterReader(EngineParts parts)
{
    private const string Where = "the list of participants";
    private readonly StandingProblem _problem = new(parts.State.Problems, "members");

    /// <summary>It was written again, and not read since: a storage that keeps none is not written to in each round.</summary>
    private bool _wasLost;

    /// <exception cref="GridException">It cannot be read, and never was.</exception>
    /// <exception cref="DamagedBytesException">It is not a Collective of this folder, or of a newer format.</exception>
    internal async Task<Roster> ReadAsync(CancellationToken cancel)
    {
        var known = parts.State.Collective.Read();
        try
        {
            var found = await parts.Grid.ReadMutableAsync(parts.Collective, cancel);
            _wasLost = false;
            if (known is null || found.Seqnum > known.Seqnum) return Take(new SeenCollective(found.Seqnum, found.Content.ToArray()));
            if (RosterInForce.WhyNot(found, known) is not { } reason) _problem.Clear();
            else if (found.Seqnum >= known.Seqnum || !await WriteAgainAsync(found.Seqnum, known, cancel)) Report(reason);
        }
        catch (GridException e) when (known is not null)
        {
            if (!await RosterInForce.FailsAloneAsync(e, new Reach(parts.Grid, parts.PersonalReadCap), cancel)) throw;
            if (!await TryReplaceAsync(e, known, cancel)) Report(e.Message.TrimEnd('.'));
        }
        return Roster.Read(known!.Content, parts.Folder);
    }

    /// <summary>Up to the number that it had, so that it is the version which others have seen. False on other computers than the admin's, and when the storage does not take it now.</summary>
    private async Task<bool> WriteAgainAsync(long shown, SeenCollective known, CancellationToken cancel)
    {
        if (parts.CollectiveWriteCap is not { } cap) return false;
        try
        {
            for (long seqnum = shown; seqnum < known.Seqnum;) seqnum = await parts.Grid.PublishMutableAsync(cap, seqnum, known.Content, cancel);
        }
        catch (GridException)
        {
            return false;
        }
        parts.State.Activity.Append(
            parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), null, ActivityKinds.Published, $"version {known.Seqnum} of {Where} was published again: the storage showed version {shown}");
        _problem.Clear();
        return true;
    }

    /// <summary>Nothing stands there that verifies: the version that was seen last is written in its place. False on other computers than the admin's, and when the storage does not take it now.</summary>
    private async Task<bool> TryReplaceAsync(GridException trouble, SeenCollective known, CancellationToken cancel)
    {
        if (parts.CollectiveKey.IsEmpty || _wasLost || trouble.Failure is not (GridFailure.Damaged or GridFailure.NotFound)) return false;
        try
        {
            using var keys = MutableKeys.FromPkcs8(parts.CollectiveKey.Span);
            if (!keys.ToWriteCap().Equals(parts.CollectiveWriteCap)) return false;
            await parts.Grid.RewriteMutableAsync(keys, known.Seqnum, known.Content, cancel);
        }
        catch (Exception e) when (e is GridException or DamagedShareException)
        {
            return false;
        }
        _wasLost = true;
        parts.State.Activity.Append(
            parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), null, ActivityKinds.Published, $"version {known.Seqnum} of {Where} was published again: it was lost or damaged on the storage");
        _problem.Clear();
        return true;
    }

    private Roster Take(SeenCollective seen)
    {
        var roster = Roster.Read(seen.Content, parts.Folder);
        parts.State.Collective.Write(seen);
        _problem.Clear();
        return roster;
    }

    private void Report(string reason) => _problem.Set(new Problem(Where, reason, "the newest that was seen stays in force; check the storage"));
}
