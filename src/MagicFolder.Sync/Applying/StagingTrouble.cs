using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Applying;

/// <summary>Why a path could not be made ready, in words for its user.</summary>
internal static class StagingTrouble
{
    /// <summary>Null for what is no trouble of one path, but of all: the storage is away, the work is being ended.</summary>
    internal static async ValueTask<Problem?> ToProblemAsync(Exception trouble, RelativePath path, Reach reach, CancellationToken cancel) => trouble switch
    {
        DiskException e => e.ToProblem(),
        DamagedBytesException e => new Problem(path, $"its content cannot be had: {e.Message.TrimEnd('.')}", "check the storage; another participant that has the file can publish it again"),
        GridException { IsPermanent: true } e => new Problem(path, $"its content cannot be had: {e.Message.TrimEnd('.')}", "check the storage"),
        _ when await reach.FailsAloneAsync(trouble, cancel) => new Problem(path, $"its content cannot be had: {trouble.Message.TrimEnd('.')}", "all else goes on; check the storage"),
        _ => null,
    };

    internal static bool IsPerhapsOfOnePath(Exception trouble) => trouble is DiskException or DamagedBytesException or GridException;

    /// <summary>Is it at none of the places that are known?</summary>
    internal static bool IsOfContent(Exception trouble) => trouble is DamagedBytesException or GridException;
}
