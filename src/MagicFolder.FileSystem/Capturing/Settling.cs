using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Capturing;

/// <summary>
/// Says what is <see cref="Racy"/>, also where a change time is ahead of the clock: the clock is behind or was set back, or a server has its own. By the clock alone that would last until the time has come.
/// But the clock that gave the change time goes on as well: what is looked at a granule after it was first seen is settled, since whatever is changed after that gets a later one.
/// Not safe for concurrent use, but for <see cref="Now"/>.
/// </summary>
// RACE: a clock that was set back comes to the same times once more; a write that falls into just that tick, and keeps the size, is not seen.
public sealed class Settling(TimeProvider time)
{
    private readonly Dictionary<RelativePath, FirstLook> _ahead = [];
    private int _generation;

    public Moment Now() => new((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, time.GetTimestamp());

    /// <param name="path">Where it is.</param>
    /// <param name="stat">What was seen.</param>
    /// <param name="lookedAt">Before the content was read.</param>
    public bool IsRacy(RelativePath path, DiskStat stat, Moment lookedAt)
    {
        if (!Racy.IsRacy(stat, lookedAt.Ns)) return false;
        if (stat.CtimeNs <= lookedAt.Ns) return true;
        var signature = stat.ToSignature();
        bool isKnown = _ahead.TryGetValue(path, out var first) && first.Signature == signature;
        _ahead[path] = new FirstLook(signature, isKnown ? first.Timestamp : time.GetTimestamp(), _generation);
        return Racy.IsFresh(stat, lookedAt.Ns) || !isKnown || time.GetElapsedTime(first.Timestamp, lookedAt.Timestamp) < Racy.Granule(stat);
    }

    /// <summary>After each look at everything: what nobody has asked for since the one before may be gone, and is forgotten.</summary>
    public void ForgetUnasked()
    {
        foreach (var (path, look) in _ahead)
            if (look.Generation < _generation) _ahead.Remove(path);
        _generation++;
    }

    /// <param name="Signature">What was seen.</param>
    /// <param name="Timestamp">Not before that.</param>
    /// <param name="Generation">When it was last asked for.</param>
    private readonly record struct FirstLook(DiskSignature Signature, long Timestamp, int Generation);
}
