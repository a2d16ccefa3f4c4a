using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Packing;

/// <summary>Gathers why each known place of one blob failed, into the one exception that its reader sees.</summary>
internal struct PlaceFailures(BlobId id)
{
    private int _count;
    private GridFailure _failure = GridFailure.NotFound;
    private PackRef _pack;
    private Exception? _exception;

    /// <summary>Trouble that may pass outweighs damage: as long as one place may come back, the blob is not lost.</summary>
    public void Add(PackRef pack, Exception exception)
    {
        _count++;
        if (_exception is GridException { IsPermanent: false }) return;
        _exception = exception;
        _pack = pack;
        _failure = exception switch
        {
            GridException grid => grid.Failure,
            DamagedBytesException { Reason: DamageReason.NewerFormat } => GridFailure.NewerFormat,
            _ => GridFailure.Damaged,
        };
    }

    public readonly GridException ToException() => _count == 0
        ? new GridException(GridFailure.NotFound, $"Blob {id} is needed, but no place on the grid is known for it.")
        : new GridException(_failure, $"Blob {id} cannot be read from any of its {_count} known places; {PackWindows.NameOf(_pack)}: {_exception!.Message}", _exception);
}
