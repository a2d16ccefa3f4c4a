using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// What could not be put in place or taken away, and when that is worth another try, which may cost a download, a flush, and all the room that a disk has: after a delay that doubles with each failure of the same
/// versions, when something changes at the path or above it, and when everything is looked at. In memory alone: an engine that was opened anew tries everything.
/// </summary>
internal sealed class FailedTries(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(4);

    private readonly Dictionary<RelativePath, Failure> _failures = [];
    private long _round;
    private long _lastLookAtEverything;
    private bool _triesAll;
    private bool _triesContents;

    /// <summary>Was anything left for later in this round?</summary>
    internal bool HasPutOff { get; private set; }

    internal void BeginRound(ScanScope scope)
    {
        _round++;
        _triesContents = HasPutOff = false;
        _triesAll = scope.IsEverything || scope.PutsNothingOff;
        if (_failures.Count > 0) Forget(scope);
        if (scope.IsEverything) _lastLookAtEverything = _round;
    }

    /// <summary>Others have published something, or told where something lies: a content that was nowhere may be somewhere now.</summary>
    internal void NewsCame() => _triesContents = true;

    /// <summary>What the last try came to, if it is too early for another one. Within the round of that there may be more: what was in the way may have gone meanwhile.</summary>
    internal Problem? PutOff(RelativePath path, Dmt tree)
    {
        if (!_failures.TryGetValue(path, out var failure) || _triesAll || (_triesContents && failure.IsOfContent)) return null;
        if (failure.Round == _round || time.GetElapsedTime(failure.At) >= failure.Delay || !Equals(failure.Versions, tree.Find(path))) return null;
        HasPutOff = true;
        return failure.Problem;
    }

    /// <param name="path">Where it failed.</param>
    /// <param name="tree">Has the versions that were to be put there.</param>
    /// <param name="problem">What to say of it until the next try.</param>
    /// <param name="isOfContent">It was not the disk that failed.</param>
    internal void Note(RelativePath path, Dmt tree, Problem problem, bool isOfContent)
    {
        var versions = tree.Find(path);
        var delay = First;
        if (_failures.TryGetValue(path, out var before) && Equals(before.Versions, versions))
            delay = before.Round == _round ? before.Delay : before.Delay * 2 < Most ? before.Delay * 2 : Most;
        _failures[path] = new Failure(versions, problem.At(path), isOfContent, _round, time.GetTimestamp(), delay);
    }

    internal void Forget(RelativePath path) => _failures.Remove(path);

    private void Forget(ScanScope scope)
    {
        var changed = scope.Paths.ToHashSet();
        foreach (var (path, failure) in _failures)
        {
            // What failed before the last look at everything, and not at that, has become something else.
            bool isPast = scope.IsEverything && failure.Round < _lastLookAtEverything;
            if (isPast || IsAtOrBelow(path, changed)) _failures.Remove(path);
        }
    }

    private static bool IsAtOrBelow(RelativePath path, HashSet<RelativePath> places)
    {
        for (; !path.IsRoot && places.Count > 0; path = path.Parent)
            if (places.Contains(path)) return true;
        return false;
    }

    private sealed record Failure(Entry? Versions, Problem Problem, bool IsOfContent, long Round, long At, TimeSpan Delay);
}
