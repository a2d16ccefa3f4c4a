using System.Collections.Immutable;
using MagicFolder.Model;

namespace MagicFolder.Sync.Checking;

/// <summary>What a look at all that a folder retains has found.</summary>
/// <param name="Participants">Whom the Collective lists, those removed included.</param>
/// <param name="Snapshots">Retained snapshots that can be read.</param>
/// <param name="Versions">Versions of files in them, each once.</param>
/// <param name="Objects">All objects of the grid that hold it: the Collective, the Personals, then the packs.</param>
/// <param name="LostVersions">By path, then newest first.</param>
/// <param name="LostTrees">In the order of the snapshots, newest first.</param>
/// <param name="LostSnapshots">By participant, newest first.</param>
/// <param name="Problems">Whose history cannot be told, or only in part; the path is who or what.</param>
public sealed record FolderCheck(
    int Participants,
    int Snapshots,
    long Versions,
    ImmutableArray<CheckedObject> Objects,
    ImmutableArray<LostVersion> LostVersions,
    ImmutableArray<LostTree> LostTrees,
    ImmutableArray<LostSnapshot> LostSnapshots,
    ImmutableArray<Problem> Problems)
{
    /// <summary>All that is retained can be read.</summary>
    public bool IsReadable =>
        LostVersions.IsEmpty && LostTrees.IsEmpty && LostSnapshots.IsEmpty && Problems.IsEmpty && Objects.All(one => one.Last.IsRecoverable || !one.IsNeeded);

    /// <summary>Nothing is missing or damaged, or not any more.</summary>
    public bool IsHealthy => IsReadable && Objects.All(one => one.Last.IsHealthy || !one.IsNeeded);
}
