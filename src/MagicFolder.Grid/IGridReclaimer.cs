using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

/// <summary>
/// Frees immutable objects that their owner does not need any more (docs/decisions/0015-collecting.md). Safe for concurrent use, and beside readers and writers of the same objects.
/// </summary>
public interface IGridReclaimer
{
    /// <summary>Makes sure that every server of the grid can be asked now and may be freed on: what is not seen might be needed.</summary>
    /// <exception cref="GridException">One cannot, and why.</exception>
    Task RequireEveryServerAsync(CancellationToken cancel);

    /// <summary>
    /// Gives up this client's lease on an object, and deletes the object from all servers unless somebody else holds a lease that has not run out, on any server. The caller has made sure that
    /// nothing he knows of refers to it. Whoever takes a lease meanwhile keeps every share on which he has got one.
    /// </summary>
    /// <param name="index">The object.</param>
    /// <param name="pretend">Only look what would happen.</param>
    /// <param name="cancel">Stops between two servers.</param>
    /// <returns>With <see cref="ReclaimOutcome.Leased"/> this client has no lease any more.</returns>
    /// <exception cref="GridException">A server cannot be asked; what was deleted by then is gone.</exception>
    Task<Reclaimed> ReclaimAsync(StorageIndex index, bool pretend, CancellationToken cancel);

    /// <summary>Gives up this client's lease on an object, on all servers, and leaves the object where it is. Nothing happens where there is none.</summary>
    /// <exception cref="GridException">A server cannot be asked, or its share not understood.</exception>
    Task EndLeaseAsync(StorageIndex index, CancellationToken cancel);
}
