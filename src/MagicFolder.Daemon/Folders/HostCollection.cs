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
        collections.AddRange(host.Unhosted.Select(folder => FolderCollection.Refused(Path.GetFileName(folder.StateDirectory), folder.Reason.TrimEnd('.'))));
        return collections;
    }

    /// <summary>
    /// The same by itself, in folders whose owner has written a rule for their history, and which are at work. What stands against it becomes a problem of the folder.
    /// </summary>
    /// <returns>False when something stood against it.</returns>
    internal static async Task<bool> CollectUnaskedAsync(FolderHost host, CancellationToken cancel)
    {
        bool isAllDone = true;
        foreach (var folder in host.All.Where(folder => !folder.IsPaused && folder.Trouble is null && HasRule(folder)))
        {
            try
            {
                folder.NoteCollection(await CollectAsync(host, folder, pretend: false, cancel));
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return false;
            }
            // Nobody waits for this, so nobody would be told; the folder goes on all the same.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                folder.NoteCollection(FolderCollection.Refused(folder.Name, $"something went wrong that should not ({e.GetType().Name})"));
            }
            isAllDone &= folder.CollectionTrouble is null;
        }
        return isAllDone;
    }

    private static bool HasRule(HostedFolder folder)
    {
        try
        {
            return RetentionFile.Read(folder.StateDirectory) is not null;
        }
        catch (Exception e) when (e is DamagedBytesException or IOException or UnauthorizedAccessException)
        {
            // The folder is stopped by it, and says so, when it is opened.
            return false;
        }
    }

    private static async Task<FolderCollection> CollectAsync(FolderHost host, HostedFolder folder, bool pretend, CancellationToken cancel)
    {
        if (host.Unhosted.Count > 0) return FolderCollection.Refused(folder.Name, $"another folder cannot be read, so what it needs is not known: {host.Unhosted[0].Reason.TrimEnd('.')}");
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
