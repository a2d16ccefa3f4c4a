using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Scanning;

/// <summary>
/// The merge-join of a sorted walk with the sorted records: pure, streaming, constant memory. Absence counts as deletion only where the walk really looked:
/// nothing is concluded below an <see cref="ScanItem.Unknown"/>, nor below a directory that stands on another device than recorded (a mount came or went).
/// </summary>
internal sealed class ChangeDetector
{
    private readonly Func<ScanItem.Seen, bool> _isConflictFile;
    private readonly Predicate<MaterializedRecord> _isIgnored;
    private readonly Predicate<RelativePath> _isUnsettled;
    private RelativePath? _unknown;
    private bool _hasHidden;

    /// <param name="isConflictFile">Is this what a conflict-file record is about? Such files are not part of the folder's content.</param>
    /// <param name="isIgnored">The walk leaves it out, so that its absence says nothing.</param>
    /// <param name="isUnsettled">Is what is recorded at this path perhaps past, whatever the walk sees there?</param>
    internal ChangeDetector(Func<ScanItem.Seen, bool> isConflictFile, Predicate<MaterializedRecord>? isIgnored = null, Predicate<RelativePath>? isUnsettled = null)
    {
        _isConflictFile = isConflictFile;
        _isIgnored = isIgnored ?? (static _ => false);
        _isUnsettled = isUnsettled ?? (static _ => false);
    }

    internal IEnumerable<LocalObservation> Compare(IEnumerable<ScanItem> walk, IEnumerable<MaterializedRecord> records)
    {
        using var recorded = records.GetEnumerator();
        bool hasRecord = recorded.MoveNext();
        foreach (var item in walk)
        {
            while (hasRecord && recorded.Current.Path < item.Path)
            {
                if (Miss(recorded.Current) is { } missed) yield return missed;
                hasRecord = recorded.MoveNext();
            }
            MaterializedRecord? record = null;
            if (hasRecord && recorded.Current.Path == item.Path)
            {
                record = recorded.Current;
                hasRecord = recorded.MoveNext();
            }
            if (Judge(item, record) is not { } observation) continue;
            yield return observation;
            if (record is not null && observation is (LocalObservation.Unknown or LocalObservation.Unsettled) && TellHidden() is { } hidden) yield return hidden;
        }
        for (; hasRecord; hasRecord = recorded.MoveNext())
            if (Miss(recorded.Current) is { } missed) yield return missed;
    }

    /// <summary>After <see cref="Compare"/>: was this path hidden by something unknown at or above it?</summary>
    internal bool IsUnknown(RelativePath path)
    {
        if (_isUnsettled(path)) return true;
        foreach (var unknown in Unknowns)
            if (unknown == path || path.IsUnder(unknown)) return true;
        return false;
    }

    private LocalObservation? Miss(MaterializedRecord record) =>
        _isIgnored(record) ? null : IsUnknown(record.Path) ? TellHidden() : new LocalObservation.Vanished(record);

    private LocalObservation.Hidden? TellHidden()
    {
        if (_hasHidden) return null;
        _hasHidden = true;
        return new LocalObservation.Hidden();
    }

    /// <summary>Where the walk could not look; ascending.</summary>
    internal List<RelativePath> Unknowns { get; } = [];

    private LocalObservation? Judge(ScanItem item, MaterializedRecord? record)
    {
        if (_unknown is { } above && item.Path.IsUnder(above)) return null;
        if (item is ScanItem.Unknown unknown) return Hide(item.Path, unknown.Problem, unknown.IsSomethingElse);
        if (item is ScanItem.Unnameable unnameable) return new LocalObservation.Unknown(null, unnameable.Problem);
        var seen = (ScanItem.Seen)item;
        if (_isUnsettled(seen.Path))
        {
            _unknown = seen.Path;
            return new LocalObservation.Unsettled(seen.Path);
        }
        if (_isConflictFile(seen)) return null;
        if (record is null) return new LocalObservation.Differs(seen, null);
        if (seen.Stat.Kind == DiskKind.Directory && record.Value.Kind == EntryKind.Directory)
        {
            if (Mounts.IsAnother(seen.Stat, record)) return HideMount(seen.Path);
            // Another directory under the same name is no change, but the record has to know which one it is.
            if (seen.Stat.Inode != record.Signature.Inode) return new LocalObservation.Differs(seen, record);
            return record.Implied ? new LocalObservation.Implied(record) : null;
        }
        return seen.Stat.LooksLike(record) ? null : new LocalObservation.Differs(seen, record);
    }

    /// <summary>Nothing is concluded below a directory that stands on another device than recorded.</summary>
    internal LocalObservation HideMount(RelativePath directory) => Hide(directory, Mounts.ToProblem(directory));

    private LocalObservation.Unknown Hide(RelativePath path, Problem problem, bool isSomethingElse = false)
    {
        _unknown = path;
        Unknowns.Add(path);
        return new LocalObservation.Unknown(isSomethingElse ? null : path, problem);
    }
}
