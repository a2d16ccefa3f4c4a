using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

/// <summary>
/// Looks after what is stored: finds shares that are missing or damaged, and makes them again from the others. Safe for concurrent use, and beside readers and writers of the same objects.
/// </summary>
public interface IGridCare
{
    /// <summary>Looks at every byte of every share on every server. Reads only, and needs no more than the verify cap.</summary>
    /// <exception cref="GridException">A format newer than this program knows. What is wrong with shares or servers is in the answer.</exception>
    Task<GridCheck> CheckAsync(Cap cap, CancellationToken cancel);

    /// <summary>Checks, and makes what is missing or damaged again. Takes the write cap of a mutable object, and any cap of an immutable one.</summary>
    /// <exception cref="GridException">It cannot be read any more, or repairing would lose a version, or the storage does not take it.</exception>
    Task<GridRepair> RepairAsync(Cap cap, CancellationToken cancel);
}
