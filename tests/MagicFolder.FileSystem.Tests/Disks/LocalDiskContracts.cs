using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Disks.Linux;
using MagicFolder.FileSystem.Disks.Portable;

namespace MagicFolder.FileSystem.Tests.Disks;

public abstract class LocalContract : DiskContract
{
    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    protected LocalContract(Func<string, IDisk> open) => _disk = open(_folder.Root);

    protected override IDisk Disk => _disk;

    protected string Root => _folder.Root;

    protected override void Dispose(bool disposing)
    {
        _disk.Dispose();
        _folder.Dispose();
    }
}

public sealed class LocalDiskTests() : LocalContract(LocalDisk.Open);

#pragma warning disable CA1416 // These classes are skipped elsewhere by having no Linux to run on.
public sealed class LinuxDiskWithoutNewCallsTests() : LocalContract(root => LinuxDisk.Open(root, LinuxFeatures.None));
#pragma warning restore CA1416

public sealed class BitlessDiskTests() : LocalContract(root => new BitlessDisk(LocalDisk.Open(root)));

public sealed class PortableDiskTests() : LocalContract(PortableDisk.Open);
