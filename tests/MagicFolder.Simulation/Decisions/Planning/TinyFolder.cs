using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Planning;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>Three trees: what is wanted, what is recorded, what is on the disk.</summary>
/// <param name="folds">Does the disk take names for one that differ in case only?</param>
internal sealed class TinyFolder(bool folds) : ISituation
{
    public TinyDisk Disk { get; } = new TinyDisk(folds);

    public SortedList<RelativePath, Entry> Wanted { get; } = [];

    public SortedList<RelativePath, MaterializedRecord> Records { get; } = [];

    public SortedList<RelativePath, ConflictFile> ConflictFiles { get; } = [];

    /// <summary>Versions that the user replaced or removed with them in front of them, and nobody has been told yet.</summary>
    public Dictionary<RelativePath, ImmutableArray<Dot>> Given { get; } = [];

    /// <summary>What the user removed, and nobody has been told yet.</summary>
    public Dictionary<RelativePath, TinyNode> Removed { get; } = [];

    public DesiredState DesiredAt(RelativePath path, MaterializedRecord? record) => DesiredState.Of(VersionsAt(path), HasDescendants(path), record);

    public bool HasDescendants(RelativePath path)
    {
        foreach (var other in Wanted.Keys)
            if (other.IsUnder(path)) return true;
        return false;
    }

    public void Want(RelativePath path, Entry? entry)
    {
        if (entry is null) Wanted.Remove(path);
        else Wanted[path] = entry;
    }

    /// <summary>The user had these versions in front of them when they changed or removed the thing.</summary>
    public void Give(TinyNode node)
    {
        if (node.Shown.IsEmpty) return;
        Given[node.ShownOf] = Given.TryGetValue(node.ShownOf, out var before) ? before.AddRange(node.Shown) : node.Shown;
    }

    public Entry? VersionsAt(RelativePath path) => Wanted.GetValueOrDefault(path);

    public MaterializedRecord? RecordAt(RelativePath path) => Records.GetValueOrDefault(path);

    public bool AnyRecordUnder(RelativePath path)
    {
        foreach (var other in Records.Keys)
            if (other.IsUnder(path)) return true;
        return false;
    }

    public ConflictFile? ConflictFileAt(RelativePath file) => ConflictFiles.GetValueOrDefault(file);

    public IReadOnlyList<ConflictFile> ConflictFilesOf(RelativePath main)
    {
        if (ConflictFiles.Count == 0) return [];
        var files = new List<ConflictFile>();
        foreach (var file in ConflictFiles.Values)
            if (file.Main == main) files.Add(file);
        return files;
    }

    public DiskStat? StatOrNull(RelativePath path) => Disk.Stat(path);

    /// <summary>Nothing is ignored here.</summary>
    public bool HoldsOnlyWhatStays(RelativePath directory) => false;

    public bool HasTwin(RelativePath path) => new Spellings(Disk).IsAnother(path);
}
