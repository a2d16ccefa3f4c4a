namespace MagicFolder.Sync.Collecting;

/// <summary>What a collection of one folder did, or would do.</summary>
/// <param name="Folder">The folder's name.</param>
/// <param name="Kept">Packs that retained snapshots refer to.</param>
/// <param name="Freed">Packs that are gone now.</param>
/// <param name="Bytes">Bytes of their files.</param>
/// <param name="Leased">Packs that nothing refers to as far as this computer sees, on which somebody else holds a lease: they go with the collection of the last who does.</param>
/// <param name="Reason">Why not all was freed that could be; null when it was.</param>
public sealed record FolderCollection(string Folder, int Kept, int Freed, long Bytes, int Leased, string? Reason)
{
    /// <summary>Nothing was freed.</summary>
    public static FolderCollection Refused(string folder, string reason) => new(folder, 0, 0, 0, 0, reason);
}
