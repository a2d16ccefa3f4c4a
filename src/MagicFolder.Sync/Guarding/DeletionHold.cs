using MagicFolder.Model.Planning;
using MagicFolder.State;

namespace MagicFolder.Sync.Guarding;

/// <summary>Whether deletions of one origin are held, and since when: what is held stays held until it is there again or somebody lets it go.</summary>
/// <param name="table">What is held already.</param>
/// <param name="origin">One of <see cref="GuardOrigins"/>.</param>
/// <param name="holds">Are so many, of so many, held?</param>
internal sealed class DeletionHold(GuardTable table, string origin, Func<long, long, bool> holds)
{
    /// <returns>What is held; null when all may go.</returns>
    /// <param name="going">All entries that would go.</param>
    /// <param name="countLost">How many of them count as vanished: a question of many look-ups, asked only when it decides something.</param>
    /// <param name="total">Entries there were before.</param>
    /// <param name="nowMs">The time now.</param>
    internal HeldDeletions? Judge(long going, Func<long> countLost, long total, long nowMs)
    {
        var standing = table.Find(origin);
        if (going == 0 || (standing is null && !holds(going, total))) return null;
        long lost = countLost();
        if (standing is null) return holds(lost, total) ? new HeldDeletions(origin, lost, total, going, nowMs) : null;
        long count = DeletionGuard.Standing(standing.Going, going, lost);
        // What came since then makes it no smaller a part.
        long of = Math.Min(total, standing.Of);
        return count > 0 && holds(count, of) ? standing with { Count = count, Of = Math.Max(of, count), Going = Math.Max(going, standing.Going) } : null;
    }
}
