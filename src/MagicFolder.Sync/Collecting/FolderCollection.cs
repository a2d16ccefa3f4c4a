namespace MagicFolder.Sync.Collecting;

/// <summary>What a collection of one folder did, or would do.</summary>
/// <param name="Folder">The folder's name.</param>
/// <param name="Kept">Packs that retained snapshots refer to.</param>
/// <param name="Freed">Packs that are gone now.</param>
/// <param name="Bytes">Bytes of their files.</param>
/// <param name="Leased">Packs that nothing refers to as far as this computer sees, on which somebody else holds a lease: they go with the collection of the last who does, or with the next one after his lease has run out.</param>
/// <param name="Rewritten">Packs that the histories of this computer do not refer to any more, since what they need of them was put into new ones.</param>
/// <param name="RewrittenBytes">Bytes of what was needed of these.</param>
/// <param name="Reason">Why not all was freed that could be; null when it was.</param>
public sealed record FolderCollection(string Folder, int Kept, int Freed, long Bytes, int Leased, int Rewritten, long RewrittenBytes, string? Reason)
{
    /// <summary>Nothing was freed.</summary>
    public static FolderCollection Refused(string folder, string reason) => new(folder, 0, 0, 0, 0, 0, 0, reason);
}
