using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Capturing;

/// <summary>The directories that are still there above what has vanished. That comes in the order of paths, so that neighbours mostly have the same parent.</summary>
internal sealed class NearestDirectories(IDisk disk)
{
    private (RelativePath Parent, RelativePath Directory)? _last;

    internal RelativePath Of(RelativePath parent)
    {
        if (_last is not var (asked, found) || asked != parent) _last = (asked, found) = (parent, Look(parent));
        return found;
    }

    private RelativePath Look(RelativePath path)
    {
        while (!path.IsRoot && disk.StatOrNull(path) is not { Kind: DiskKind.Directory }) path = path.Parent;
        return path;
    }
}
