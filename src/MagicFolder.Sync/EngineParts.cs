using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync;

/// <summary>All that one participant's engine works with. The engine owns none of them.</summary>
public sealed class EngineParts
{
    public required FolderId Folder { get; init; }

    /// <summary>This participant's name in the Collective.</summary>
    public required string Petname { get; init; }

    /// <summary>The keys of this participant's Personal, which nobody else writes.</summary>
    public required MutableKeys Personal { get; init; }

    public MutableWriteCap PersonalWriteCap => _writeCap ??= Personal.ToWriteCap();

    public MutableReadCap PersonalReadCap => _readCap ??= PersonalWriteCap.ToReadCap();

    private MutableWriteCap? _writeCap;
    private MutableReadCap? _readCap;

    /// <summary>Where the list of participants is read.</summary>
    public required MutableReadCap Collective { get; init; }

    /// <summary>Null on a computer that is not the admin's.</summary>
    public MutableWriteCap? CollectiveWriteCap { get; init; }

    /// <summary>PKCS#8 DER of its key, a secret; empty on a computer that is not the admin's, and where it was not kept.</summary>
    public ReadOnlyMemory<byte> CollectiveKey { get; init; }

    public required IDisk Disk
    {
        get => _disk;
        init => _disk = value;
    }

    private IDisk _disk = null!;

    public required ParticipantDatabase State { get; init; }

    public required IGrid Grid { get; init; }

    public required TimeProvider Time { get; init; }

    public required IRandomSource Random { get; init; }

    public EngineOptions Options { get; init; } = new();

    public SyncProgress Progress { get; init; } = new();

    /// <summary>Called whenever a snapshot of this participant was published; true in the middle of a round.</summary>
    public Action<bool>? Published { get; init; }

    /// <summary>All the same, but for how the disk is seen.</summary>
    internal EngineParts Seeing(IDisk disk)
    {
        var parts = (EngineParts)MemberwiseClone();
        parts._disk = disk;
        return parts;
    }
}

/// <summary>How an engine works. The defaults are those of the product.</summary>
public sealed record EngineOptions
{
    /// <summary>More <see cref="Threads"/> than anybody has a use for.</summary>
    public const int MostThreads = 64;

    /// <summary>May work overlap on other threads? False makes every step happen on the caller's thread, in one order: for simulations.</summary>
    public bool Background { get; init; } = true;

    /// <summary>
    /// On how many threads the bytes of large files are worked; one fewer packs, but at least one, are stored at the same time. Each costs up to 16 MiB of memory, so no more than four by default.
    /// If it is more than one, a thread more walks while everything is looked at. Without <see cref="Background"/> it is one in all.
    /// </summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>
    /// When a round stores much, what it has stored after this time is published, so that the others need not wait for the end; then again after twice that time, and so on: an hour of storing makes a
    /// dozen snapshots.
    /// </summary>
    public TimeSpan PublishEarly { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which snapshots stay in the history.</summary>
    public RetentionRule Retention { get; init; } = RetentionRule.Default;

    /// <summary>Let go on what the deletion guard would hold.</summary>
    public bool ConfirmDeletions { get; init; }

    /// <summary>New local changes between two commits, those that moved with their directory not counted.</summary>
    public int CaptureBatchCount { get; init; } = 4096;

    /// <summary>New local changes between two commits that moved with their directory: they are not read and bring nothing to be stored, and in few batches the tree and the indexes are written once.</summary>
    public int CaptureBatchMoved { get; init; } = 1 << 16;

    /// <summary>Bytes of new local content between two commits.</summary>
    public long CaptureBatchBytes { get; init; } = 96L << 20;

    /// <summary>Paths staged, flushed and swapped together.</summary>
    public int ApplyBatchCount { get; init; } = 4096;

    /// <summary>Bytes staged before a batch is swapped.</summary>
    public long ApplyBatchBytes { get; init; } = 64L << 20;

    internal int ThreadsInUse => Background ? Threads : 1;
}
