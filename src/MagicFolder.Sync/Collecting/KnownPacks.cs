using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.State;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Collecting;

/// <summary>The packs that a folder's states on this computer name.</summary>
public static class KnownPacks
{
    /// <summary>Of all participants here, whether or not something works with the folder now.</summary>
    /// <exception cref="StateStorageException">A state cannot be read.</exception>
    /// <exception cref="DamagedBytesException">A state is damaged, or of a newer format.</exception>
    public static IReadOnlySet<StorageIndex> Read(FolderConfiguration folder, string stateDirectory)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var known = new HashSet<StorageIndex>();
        foreach (var participant in folder.Participants)
        {
            string file = FolderConfiguration.DatabaseFile(stateDirectory, participant.Name);
            if (!File.Exists(file)) continue;
            using var state = ParticipantDatabase.OpenForReading(file);
            foreach (var row in state.Packs.All())
                if (IndexOf(row.Pack) is { } index) known.Add(index);
        }
        return known;
    }

    /// <summary>What all folders but one name.</summary>
    /// <exception cref="StateStorageException">A state cannot be read.</exception>
    /// <exception cref="DamagedBytesException">A state is damaged, or of a newer format.</exception>
    public static IReadOnlySet<StorageIndex> ReadOthers(IEnumerable<(FolderConfiguration Folder, string State)> all, FolderConfiguration except)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(except);
        return all.Where(one => one.Folder.Folder != except.Folder).SelectMany(one => Read(one.Folder, one.State)).ToHashSet();
    }

    /// <summary>Null when it is no immutable file: what others call a pack need not be one.</summary>
    internal static StorageIndex? IndexOf(PackRef pack) => Cap.TryParse(pack.Reveal(), out var cap) && cap is ChkCap chk ? chk.StorageIndex : null;
}
