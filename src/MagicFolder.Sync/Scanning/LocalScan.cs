using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Scanning;

/// <summary>disk -> observations: the walk of the scope compared with the records, conflict files included.</summary>
/// <param name="parts">Disk and records.</param>
/// <param name="ignore">What is left out.</param>
/// <param name="isUnsettled">Where nothing is to be concluded.</param>
internal sealed class LocalScan(EngineParts parts, IgnoreRules ignore, Predicate<RelativePath> isUnsettled)
{
    private readonly FolderScanner _scanner = new(parts.Disk, ignore);

    /// <summary>Lazy: reads the disk and the records while it is consumed.</summary>
    internal IEnumerable<LocalObservation> Observe(ScanScope scope)
    {
        var conflictFiles = parts.State.ConflictFiles.All().ToDictionary(file => file.File);
        var spellings = new Spellings(parts.Disk);
        var seen = new HashSet<RelativePath>();
        bool IsConflictFile(ScanItem.Seen item)
        {
            if (!conflictFiles.TryGetValue(item.Path, out var file) || !file.MayBe(item.Stat)) return false;
            seen.Add(item.Path);
            return true;
        }
        var detector = new ChangeDetector(IsConflictFile, record => ignore.Covers(record.Path, record.Value.Kind == EntryKind.Directory), isUnsettled);
        if (scope.IsEverything)
        {
            foreach (var observation in detector.Compare(Counted(WalkEverything()), parts.State.Records.All())) yield return observation;
        }
        else
        {
            var mounts = new Mounts(parts.Disk, parts.State.Records);
            foreach (var path in scope.Paths)
            {
                if (mounts.Above(path) is { } mount)
                {
                    if (!detector.IsUnknown(mount)) yield return detector.HideMount(mount);
                    continue;
                }
                foreach (var parent in UnknownParents(path))
                    foreach (var observation in detector.Compare(Counted(Look(parent, spellings)), [])) yield return observation;
                foreach (var observation in detector.Compare(Counted(Walk(path, spellings)), Recorded(path))) yield return observation;
            }
        }
        foreach (var file in conflictFiles.Values)
        {
            // What is recorded in its place may be past, so nobody knows what removing it decides for.
            if (isUnsettled(file.Main)) continue;
            // No walk comes by the program's own directory.
            if (file.WasGone && (seen.Contains(file.File) || (file.File.IsReserved && file.IsThere(parts.Disk) is true))) yield return new LocalObservation.ConflictFileIsBack(file);
            if (seen.Contains(file.File) || detector.IsUnknown(file.File) || !IsInScope(scope, file.File) || ignore.Covers(file.Main, file.Value.Kind == EntryKind.Directory)) continue;
            if (IsReallyGone(file, spellings)) yield return new LocalObservation.ConflictFileVanished(file);
        }
    }

    private IEnumerable<ScanItem> WalkEverything()
    {
        var walk = _scanner.Scan(RelativePath.Root);
        return parts.Options.ThreadsInUse > 1 ? WalkAhead.Of(walk) : walk;
    }

    private static bool IsInScope(ScanScope scope, RelativePath path) =>
        path.IsReserved || scope.Includes(path);

    /// <summary>New directories that nobody told of, the uppermost first: whoever made them made them as well as what is in them.</summary>
    private IEnumerable<RelativePath> UnknownParents(RelativePath path)
    {
        var parents = new Stack<RelativePath>();
        for (var parent = path.Parent; !parent.IsRoot && parts.State.Records.Find(parent) is null; parent = parent.Parent) parents.Push(parent);
        return parents;
    }

    private IEnumerable<ScanItem> Look(RelativePath path, Spellings spellings)
    {
        if (_scanner.Look(path) is { } item && !IsIgnored(item) && !(item is ScanItem.Seen && spellings.IsAnother(path))) yield return item;
    }

    private bool IsIgnored(ScanItem item) => item is ScanItem.Seen seen
        ? ignore.Covers(seen.Path, seen.Stat.Kind == DiskKind.Directory)
        : ignore.Covers(item.Path, isDirectory: true) && ignore.Covers(item.Path, isDirectory: false);

    private IEnumerable<ScanItem> Walk(RelativePath path, Spellings spellings)
    {
        // A scan begins with the directory itself: seen twice, it would be one with and one without a record.
        foreach (var item in Look(path, spellings))
            foreach (var seen in item is ScanItem.Seen { Stat.Kind: DiskKind.Directory } ? _scanner.Scan(path) : [item]) yield return seen;
    }

    private IEnumerable<MaterializedRecord> Recorded(RelativePath path)
    {
        if (parts.State.Records.Find(path) is { } record) yield return record;
        foreach (var below in parts.State.Records.Under(path)) yield return below;
    }

    private bool IsReallyGone(ConflictFile file, Spellings spellings)
    {
        try
        {
            return !file.MayBe(parts.Disk.StatOrNull(file.File)) || spellings.IsAnother(file.File);
        }
        catch (DiskException)
        {
            return false;
        }
    }

    private IEnumerable<ScanItem> Counted(IEnumerable<ScanItem> items)
    {
        foreach (var item in items)
        {
            parts.Progress.AddScanned();
            yield return item;
        }
    }
}
