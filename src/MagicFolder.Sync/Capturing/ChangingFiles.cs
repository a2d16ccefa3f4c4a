using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.State;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// Files that changed while they were read. One that is written all the time would be read in every round, and all else would wait for that: so it is read ever more rarely, whatever is told of it, but soon once it has looked
/// the same for a while (docs/decisions/0024-files-that-are-written-all-the-time.md). Until it has been read well it is reported. In memory alone.
/// </summary>
internal sealed class ChangingFiles(TimeProvider time, ProblemsTable problems)
{
    private const string Source = "changing";

    /// <summary>Reading takes at most about this part of the time, and what has held still for this part of its delay is read before that is over: at least as long as it was read for.</summary>
    private const int Share = 8;

    /// <summary>A program that saves twice in a row is not to be waited for.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(4);

    /// <summary>Reading may have waited for a slow storage, which says nothing about the file.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(32);

    private readonly Dictionary<RelativePath, Change> _changes = [];
    private readonly HashSet<RelativePath> _met = [];
    private HashSet<RelativePath>? _stored;
    private bool _putsNothingOff;

    /// <summary>Was anything left for later in this round?</summary>
    internal bool HasPutOff { get; private set; }

    internal void BeginRound(ScanScope scope)
    {
        _met.Clear();
        HasPutOff = false;
        _putsNothingOff = scope.PutsNothingOff;
    }

    /// <summary>Is it not to be read for now, whatever is told of it? It is looked at all the same.</summary>
    internal bool IsWaiting(RelativePath path) => _changes.TryGetValue(path, out var change) && !IsOver(change);

    /// <summary>Asked once or more for each file that differs from what is recorded.</summary>
    internal bool MayBeRead(ScanItem.Seen seen)
    {
        if (!_changes.TryGetValue(seen.Path, out var change)) return true;
        _met.Add(seen.Path);
        if (_putsNothingOff || seen.Stat.Kind != DiskKind.File || IsOver(change) || HoldsStill(change, seen.Stat.ToSignature())) return true;
        HasPutOff = true;
        return false;
    }

    /// <summary>The last time that it was read, it changed meanwhile.</summary>
    internal bool Has(RelativePath path) => _changes.ContainsKey(path);

    /// <param name="path">What changed while it was read.</param>
    /// <param name="reading">How long it was read for.</param>
    internal void Note(RelativePath path, TimeSpan reading)
    {
        var doubled = _changes.TryGetValue(path, out var before) ? before.Doubled * 2 : First;
        if (doubled > Most) doubled = Most;
        var delay = reading * Share < Longest ? reading * Share : Longest;
        _changes[path] = new Change(time.GetTimestamp(), doubled, doubled > delay ? doubled : delay);
        _met.Add(path);
    }

    internal void Forget(RelativePath path) => _changes.Remove(path);

    /// <summary>After a look: what was not met where it looked is not there any more, or is again as recorded.</summary>
    internal void Store(ScanScope scope)
    {
        foreach (var path in _changes.Keys)
            if (!_met.Contains(path) && scope.Includes(path)) _changes.Remove(path);
        if (_stored?.SetEquals(_changes.Keys) == true) return;
        var told = _changes.Keys.Select(path => new Problem(path, "it changed while it was read, so it is not stored as it is now", "it is read again when it holds still for a while, and now and then"));
        if (_stored is null && !scope.IsEverything)
        {
            // What an engine before this one has told stands until everything was looked at.
            foreach (var problem in told) problems.Put(Source, problem);
            return;
        }
        problems.Replace(Source, told);
        _stored = [.. _changes.Keys];
    }

    private bool IsOver(Change change) => time.GetElapsedTime(change.At) >= change.Delay;

    private bool HoldsStill(Change change, DiskSignature signature)
    {
        if (change.Looks == signature) return time.GetElapsedTime(change.Since) >= change.Delay / Share;
        (change.Looks, change.Since) = (signature, time.GetTimestamp());
        return false;
    }

    /// <param name="At">When it was read last.</param>
    /// <param name="Doubled">The delay but for how long reading took.</param>
    /// <param name="Delay">Until it is read again, if it does not hold still before.</param>
    private sealed record Change(long At, TimeSpan Doubled, TimeSpan Delay)
    {
        /// <summary>As it looked last, and since when it has.</summary>
        internal DiskSignature? Looks { get; set; }

        internal long Since { get; set; }
    }
}
