using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Guarding;

/// <summary>How many of the entries that go are lost to the folder: a file whose content stands somewhere else in it has only moved.</summary>
/// <param name="records">What is recorded.</param>
/// <param name="moved">Contents of files that are known to have moved: those need not be looked up.</param>
internal sealed class Losses(RecordsTable records, IReadOnlySet<BlobId> moved)
{
    /// <summary>Of many files with one content only so many are looked at; where all of these go, too, the content counts as lost.</summary>
    private const int Candidates = 8;

    internal long Count(IReadOnlyList<MaterializedRecord> going)
    {
        var paths = going.Select(record => record.Path).ToHashSet();
        long withContent = 0;
        long lost = 0;
        foreach (var record in going)
        {
            if (record.Value.Kind == EntryKind.Directory) continue;
            withContent++;
            if (!StandsElsewhere(record, paths)) lost++;
        }
        return DeletionGuard.Lost(going.Count, withContent, lost);
    }

    private bool StandsElsewhere(MaterializedRecord record, HashSet<RelativePath> going) =>
        record.Value.Kind == EntryKind.File
        && (record.Value.Size == 0 || moved.Contains(record.Value.Content) || records.WithContent(record.Value.Content, Candidates).Any(other => !going.Contains(other.Path)));
}
