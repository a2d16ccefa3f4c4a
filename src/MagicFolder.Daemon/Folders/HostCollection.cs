using MagicFolder.Model;
using MagicFolder.State;
using MagicFolder.Sync.Collecting;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Daemon.Folders;

/// <summary>Frees what the histories of the folders of a configuration do not refer to any more, one folder after another; the others go on meanwhile.</summary>
internal static class HostCollection
{
    internal static async Task<IReadOnlyList<FolderCollection>> CollectAsync(FolderHost host, bool pretend, CancellationToken cancel)
    {
        var collections = new List<FolderCollection>();
        foreach (var folder in host.All) collections.Add(await CollectAsync(host, folder, pretend, cancel));
        collections.AddRange(host.Unreadable.Select(problem => FolderCollection.Refused(Path.GetFileName(problem.Path), problem.Reason)));
        return collections;
    }

    private static async Task<FolderCollection> CollectAsync(FolderHost host, HostedFolder folder, bool pretend, CancellationToken cancel)
    {
        if (host.Unreadable.Count > 0) return FolderCollection.Refused(folder.Name, $"another folder cannot be read, so what it needs is not known: {host.Unreadable[0].Reason}");
        try
        {
            var elsewhere = KnownPacks.ReadOthers(host.All.Select(other => (other.Configuration, other.StateDirectory)), folder.Configuration);
            return await folder.CollectAsync(elsewhere, pretend, cancel);
        }
        catch (Exception e) when (e is StateStorageException or DamagedBytesException)
        {
            return FolderCollection.Refused(folder.Name, $"the state of another folder cannot be read, so what it needs is not known: {e.Message.TrimEnd('.')}");
        }
    }
}
