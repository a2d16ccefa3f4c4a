namespace MagicFolder.Grid;

/// <summary>What kind of trouble the grid has.</summary>
public enum GridFailure
{
    /// <summary>The storage cannot be reached now (directory missing, unmounted, time-out).</summary>
    Unavailable,

    /// <summary>The object is not there, or fewer than k of its shares are.</summary>
    NotFound,

    /// <summary>Shares are there but do not verify.</summary>
    Damaged,

    /// <summary>Another version was there than the one to be replaced.</summary>
    UncoordinatedWrite,

    /// <summary>The disk or the quota is full.</summary>
    NoSpace,

    /// <summary>The storage refuses access (permissions, wrong write enabler).</summary>
    Denied,

    /// <summary>Locks do not work on this storage, so several processes could not share it safely.</summary>
    LocksUnsupported,

    /// <summary>A format newer than this program knows.</summary>
    NewerFormat,

    /// <summary>An input or output error of the storage.</summary>
    Io,

    /// <summary>More content than is held in memory for what was asked.</summary>
    TooLarge,

    /// <summary>The file that describes the grid makes no sense.</summary>
    Misconfigured,
}

/// <summary>Trouble with the grid. The message names the object (by storage index) or the place, says what to do, and holds no secret.</summary>
public sealed class GridException : Exception
{
    public GridException(GridFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public GridFailure Failure { get; }

    /// <summary>False when trying again later may help without anybody doing anything.</summary>
    public bool IsPermanent => Failure is not (GridFailure.Unavailable or GridFailure.Io or GridFailure.UncoordinatedWrite);
}
