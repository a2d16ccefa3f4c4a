using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// Shows a snapshot as ordinary directories of Tahoe-LAFS (docs/formats/tahoe-export.md): files first, then directories from the leaves up, the snapshot, and last, in one write, the mutable directory.
/// Nothing of the folder or its state changes. The files of the export before are used again: it is read from the grid, so that nothing about it has to be remembered here.
/// </summary>
public sealed class DirectoryExporter(HistoryReader reader, IGrid grid, MutableKeys keys, byte[] convergence, TimeProvider time)
{
    private const int MostAttempts = 5;

    private readonly DirectoryStore _store = new(grid, convergence);
    private readonly List<Problem> _problems = [];
    private Dictionary<BlobId, ImmutableCap> _known = [];

    /// <exception cref="GridException">The storage cannot be reached or written now; what was shown before stays.</exception>
    public async Task<ExportResult> ExportAsync(LoggedSnapshot snapshot, string folderName, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        await ReadKnownAsync(cancel);
        var tree = ExportedTree.Of(await reader.OpenTreeAsync(snapshot, cancel), snapshot.Snapshot.Actor, reader.Petnames.Of);
        var files = new Dictionary<BlobId, ImmutableCap>();
        int stored = await StoreFilesAsync(tree, files, cancel);
        var content = await StoreDirectoriesAsync(tree, files, cancel);
        var shown = await StoreSnapshotAsync(content, SnapshotMetadata.Encode(snapshot, folderName, reader.Petnames.Of), cancel);
        await ShowAsync(shown, snapshot, cancel);
        var shownFiles = tree.Values.Where(value => value.Kind == EntryKind.File && files.ContainsKey(value.Content)).ToArray();
        return new ExportResult(
            snapshot, shown, new DirectoryCap(keys.ToWriteCap().ToReadCap()), shownFiles.Length, shownFiles.Sum(value => value.Size), stored, [.. _problems]);
    }

    private async Task ReadKnownAsync(CancellationToken cancel)
    {
        if (await ReadDirectoryAsync(cancel) is not { Table: var directory } || ExportDirectory.ImmutableChild(directory, ExportDirectory.Latest) is not { } latest) return;
        if (await _store.TryReadAsync(latest, cancel) is { } snapshot && ExportDirectory.ImmutableChild(snapshot, ExportDirectory.Content) is { } content)
            _known = await _store.ReadContentsAsync(content, cancel);
    }

    private async Task<int> StoreFilesAsync(SortedDictionary<RelativePath, EntryValue> tree, Dictionary<BlobId, ImmutableCap> files, CancellationToken cancel)
    {
        await using var storing = new FileStoring(reader.Contents, _store, cancel);
        var begun = new HashSet<BlobId>();
        foreach (var (path, value) in tree)
        {
            cancel.ThrowIfCancellationRequested();
            if (value.Kind == EntryKind.Symlink) _problems.Add(new Problem(path, "a directory of Tahoe-LAFS holds no symbolic links, so it is left out", "put a file there if others are to see it"));
            if (value.Kind != EntryKind.File || !begun.Add(value.Content)) continue;
            if (_known.TryGetValue(value.Content, out var known) && known.Size == value.Size && await _store.KeepAsync(known, cancel))
            {
                files.Add(value.Content, known);
                continue;
            }
            await storing.MakeRoomAsync();
            try
            {
                await storing.AddAsync(value);
            }
            catch (Exception e) when (e is DamagedBytesException or GridException { Failure: GridFailure.NotFound or GridFailure.Damaged })
            {
                _problems.Add(FormerContents.Unavailable(path, e));
            }
        }
        var stored = await storing.FinishAsync();
        foreach (var (content, cap) in stored) files.Add(content, cap);
        return stored.Count;
    }

    private async Task<DirectoryCap> StoreDirectoriesAsync(SortedDictionary<RelativePath, EntryValue> tree, Dictionary<BlobId, ImmutableCap> files, CancellationToken cancel)
    {
        using var publication = new TreePublication(Entries(tree, files));
        while (publication.Next() is { } directory) publication.Stored(await _store.PutAsync(directory.Packed, cancel));
        foreach (var twin in publication.LeftOut)
            _problems.Add(new Problem(string.Join('/', twin.Path), "another name in the directory is the same one when normalized, so it is left out", "rename one of the two"));
        return publication.Root!;
    }

    private static IEnumerable<TreeEntry> Entries(SortedDictionary<RelativePath, EntryValue> tree, Dictionary<BlobId, ImmutableCap> files)
    {
        foreach (var (path, value) in tree)
        {
            if (value.Kind == EntryKind.Directory) yield return Entry(path, null, value);
            else if (value.Kind == EntryKind.File && files.TryGetValue(value.Content, out var cap)) yield return Entry(path, cap, value);
        }
    }

    private static TreeEntry Entry(RelativePath path, ImmutableCap? cap, EntryValue value) => new(path.ToString().Split('/'), cap, ExportedMetadata.Of(value));

    private async Task<DirectoryCap> StoreSnapshotAsync(DirectoryCap content, byte[] metadata, CancellationToken cancel)
    {
        var file = await _store.PutAsync(metadata, cancel);
        return await _store.PutAsync(
            DirectoryTable.Empty(DirectoryAuthority.Immutable)
                .With(new DirectoryChild(ExportDirectory.Content, ChildCaps.Of(content), ChildMetadata.Empty))
                .With(new DirectoryChild(ExportDirectory.Metadata, ChildCaps.Of(file), ChildMetadata.Empty)),
            cancel);
    }

    /// <summary>Reads, changes and writes the mutable directory, anew when somebody else was faster.</summary>
    private async Task ShowAsync(DirectoryCap shown, LoggedSnapshot snapshot, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await TryShowAsync(shown, snapshot, cancel);
                return;
            }
            catch (GridException e) when (e.Failure == GridFailure.UncoordinatedWrite && attempt < MostAttempts)
            {
                // Another export of the same participant.
            }
        }
    }

    private async Task TryShowAsync(DirectoryCap shown, LoggedSnapshot snapshot, CancellationToken cancel)
    {
        var cap = keys.ToWriteCap();
        var found = await ReadDirectoryAsync(cancel);
        var directory = found?.Table ?? DirectoryTable.Empty(DirectoryAuthority.Writer(cap.WriteKey));
        var former = ExportDirectory.ImmutableChild(directory, ExportDirectory.Archives) is { } archived ? await ReadArchiveAsync(archived, cancel) : null;
        var archive = ExportDirectory.Archive(former ?? DirectoryTable.Empty(DirectoryAuthority.Immutable), shown, snapshot.TimeMs, snapshot.Seq);
        if (ReferenceEquals(archive, former) && shown.Equals(ExportDirectory.ImmutableChild(directory, ExportDirectory.Latest))) return;

        byte[] packed = ExportDirectory.Show(directory, shown, await _store.PutAsync(archive, cancel), time.GetUtcNow()).Pack();
        if (found is { Seqnum: var seqnum }) await grid.PublishMutableAsync(cap, seqnum, packed, cancel);
        else await grid.CreateMutableAsync(keys, packed, cancel);
    }

    /// <summary>An archive that cannot be read is not replaced by an empty one.</summary>
    private async Task<DirectoryTable> ReadArchiveAsync(DirectoryCap archives, CancellationToken cancel) =>
        await _store.TryReadAsync(archives, cancel)
        ?? throw new GridException(GridFailure.Damaged, "The archive of earlier exports cannot be read, and is not replaced; check the storage ('magic-folder check').");

    /// <summary>Null if it has not been made yet.</summary>
    private async Task<(long Seqnum, DirectoryTable Table)?> ReadDirectoryAsync(CancellationToken cancel)
    {
        var cap = keys.ToWriteCap();
        try
        {
            var version = await grid.ReadMutableAsync(cap.ToReadCap(), cancel);
            return (version.Seqnum, DirectoryTable.Parse(version.Content, DirectoryAuthority.Writer(cap.WriteKey)));
        }
        catch (GridException e) when (e.Failure == GridFailure.NotFound)
        {
            return null;
        }
        catch (DamagedDirectoryException e)
        {
            throw new GridException(GridFailure.Damaged, "The directory of earlier exports is no directory any more, and is not replaced; check the storage.", e);
        }
    }
}
