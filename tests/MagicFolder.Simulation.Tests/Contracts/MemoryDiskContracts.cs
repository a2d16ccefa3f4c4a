using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Tests.Disks;
using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Contracts;

/// <summary>The simulated disk keeps the contract that the real ones keep: what holds on it, holds on them.</summary>
public class MemoryDiskContract : DiskContract
{
    private readonly MemoryDisk _disk;

    public MemoryDiskContract()
        : this(NameOrder.Exact)
    {
    }

    private protected MemoryDiskContract(NameOrder names) =>
        _disk = new MemoryDisk(new MemoryFileSystem(() => DateTimeOffset.UnixEpoch.Ticks, 1, reuseInodes: true, names, new PageCache(inOrder: false)).NewTree(), _ => { }, _ => { });

    protected override IDisk Disk => _disk;

    protected override void Dispose(bool disposing) => _disk.Dispose();
}

public sealed class FoldingMemoryDiskContract() : MemoryDiskContract(NameOrder.FoldsAll);
