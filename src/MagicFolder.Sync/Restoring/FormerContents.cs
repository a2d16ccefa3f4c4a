using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;
using MagicFolder.State;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Restoring;

/// <summary>
/// Makes sure that the content of a former version can be had before a new version refers to it: a version that nobody can read would replace a good one.
/// </summary>
internal sealed class FormerContents(HistoryReader reader, ParticipantDatabase state, IDisk disk)
{
    private const int Candidates = 4;
    private readonly HashSet<BlobId> _sound = [];

    /// <summary>Null when it can be had; otherwise why not.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async ValueTask<Problem?> CheckAsync(FormerItem item, CancellationToken cancel)
    {
        var value = item.Value;
        if (value.Kind != EntryKind.File || value.Size == 0 || _sound.Contains(value.Content) || IsOnDisk(state, disk, value)) return null;
        try
        {
            await reader.Contents.ReadAsync(value.Content, value.Size, static (_, _, _) => ValueTask.CompletedTask, cancel);
            _sound.Add(value.Content);
            return null;
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            return Unavailable(item.Path, e);
        }
    }

    internal static Problem Unavailable(RelativePath path, Exception trouble) =>
        new(path, $"its content cannot be had any more: {trouble.Message.TrimEnd('.')}", "check the storage, or try another version");

    /// <summary>Tells a catalog where a content lies, so that a snapshot can refer to it.</summary>
    internal void Teach(IBlobCatalog catalog, EntryValue value)
    {
        if (value.Kind != EntryKind.File || value.Size == 0) return;
        foreach (var list in reader.Catalog.FindChunkLists(value.Content))
        {
            catalog.AddChunkList(value.Content, list);
            Teach(catalog, list);
        }
        Teach(catalog, value.Content);
    }

    private void Teach(IBlobCatalog catalog, BlobId id)
    {
        if (catalog.Contains(id)) return;
        foreach (var place in reader.Catalog.Find(id)) catalog.Add(id, place);
    }

    /// <summary>Does it stand somewhere in this participant's directory, unchanged as far as its record tells?</summary>
    internal static bool IsOnDisk(ParticipantDatabase state, IDisk disk, EntryValue value) => state.Records.WithContent(value.Content, Candidates).Any(
        record => record.Value.Size == value.Size && disk.StatOrNull(record.Path) is { } stat && stat.LooksLike(record));
}
