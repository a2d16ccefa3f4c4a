using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Folders;

/// <summary>
/// How long until paths that were not settled are looked at again: at first soon, since most only have to be older than a tick of the clock; ever later where looking again and again comes to nothing.
/// </summary>
internal sealed class LookAgainPace(TimeSpan most)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(40);
    private readonly HashSet<RelativePath> _last = [];
    private TimeSpan _delay = First;

    /// <param name="paths">What has to be looked at again after a round.</param>
    /// <param name="didSomething">Did the round change anything?</param>
    internal TimeSpan Next(IReadOnlySet<RelativePath> paths, bool didSomething)
    {
        if (paths.Count == 0) _delay = most;
        else if (didSomething || !_last.SetEquals(paths)) _delay = First;
        else _delay = _delay * 2 < most ? _delay * 2 : most;
        _last.Clear();
        _last.UnionWith(paths);
        return _delay;
    }
}
