using MagicFolder.Grid;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// Ends a participant's part. Its versions stay, and others no longer take new ones of it. What it had read stays readable for it; and it keeps the caps by which it read, so a removed
/// computer that does not play by the rules can go on reading (docs/decisions/0014-invites.md).
/// </summary>
public static class Removal
{
    /// <summary>Nothing happens when it is removed already.</summary>
    /// <exception cref="RefusedException">This is not the admin's computer, or nobody is called so.</exception>
    public static async Task RemoveAsync(FolderConfiguration folder, string petname, IGrid grid, CancellationToken cancel)
    {
        var cap = folder.Collective.RequireAdmin("remove somebody");
        await new CollectiveEditor(grid, folder.Folder, folder.Collective).EditAsync(
            cap,
            collective =>
            {
                var leaving = collective.Participants.FirstOrDefault(known => known.Petname == petname)
                    ?? throw new RefusedException($"Nobody in {collective.Name} is called {petname}; there are {string.Join(", ", collective.Participants.Where(known => !known.IsRemoved))}.");
                return leaving.IsRemoved ? null : collective.With(collective.Participants.Replace(leaving, leaving with { IsRemoved = true }));
            },
            cancel);
    }
}
