using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Asks, before something is staged, whether it could be put in place then: not where another file system is mounted, nor in a directory that may not be written to. Staging may take a
/// download. Each directory is asked about once.
/// </summary>
internal sealed class PlaceCheck(IDisk disk)
{
    private readonly Dictionary<RelativePath, DiskFault> _directories = [];
    private DiskStat? _stage;

    /// <summary><see cref="DiskFault.None"/> promises nothing.</summary>
    internal DiskFault WhyNot(RelativePath path)
    {
        var parent = path.Parent;
        if (!_directories.TryGetValue(parent, out var fault)) _directories.Add(parent, fault = Look(parent));
        return fault;
    }

    internal void Forget() => _directories.Clear();

    private DiskFault Look(RelativePath directory)
    {
        // One that is not there yet is made by the same batch.
        if (disk.StatOrNull(directory) is not { Kind: DiskKind.Directory } there) return DiskFault.None;
        if ((_stage ??= disk.Stat(StagingArea.Directory)) is { } stage && stage.Device != there.Device) return DiskFault.CrossDevice;
        return disk.WhyClosed(directory);
    }
}
