using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Planning;

/// <summary>
/// What a plan is made from: the tree, the records, and the disk as it is at this moment. It only looks. What is planned on it is looked at once more when it is done.
/// </summary>
internal interface ISituation
{
    /// <summary>The current versions of a path; null when the tree has none.</summary>
    Entry? VersionsAt(RelativePath path);

    MaterializedRecord? RecordAt(RelativePath path);

    bool AnyRecordUnder(RelativePath path);

    ConflictFile? ConflictFileAt(RelativePath file);

    IReadOnlyList<ConflictFile> ConflictFilesOf(RelativePath main);

    /// <summary>Null when nothing is there, or nothing reachable.</summary>
    DiskStat? StatOrNull(RelativePath path);

    /// <summary>Is something in the directory, and all of it ignored, or nothing that can be synchronized?</summary>
    bool HoldsOnlyWhatStays(RelativePath directory);

    /// <summary>Would this disk find something else by the path's name?</summary>
    bool HasTwin(RelativePath path);
}
