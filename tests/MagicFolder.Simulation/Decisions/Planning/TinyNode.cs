using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>Something on the tiny disk, with what the oracle knows of it and the planner does not.</summary>
internal sealed class TinyNode
{
    private static readonly BlobId[] Contents = [.. Enumerable.Range(0, 256).Select(i => BlobId.Of([(byte)i]))];
    private static readonly string[] Targets = [.. Enumerable.Range(0, 256).Select(i => $"t{i}")];

    public required DiskKind Kind { get; set; }

    /// <summary>Stands for the bytes of a file or the target of a link.</summary>
    public int Content { get; set; }

    public int Mode { get; set; } = 0x1A4;

    public long MtimeNs { get; set; }

    public long CtimeNs { get; set; }

    public ulong Inode { get; set; }

    /// <summary>The user made it so, and no version holds it yet.</summary>
    public bool IsUnsaved { get; set; }

    /// <summary>The path whose versions it shows, and which.</summary>
    public RelativePath ShownOf { get; set; }

    public ImmutableArray<Dot> Shown { get; set; } = [];

    public DiskStat Stat => new(Kind, Kind == DiskKind.File ? 1 : 0, MtimeNs, CtimeNs, Inode, 1, Mode, 1);

    public string? Target => Kind == DiskKind.Symlink ? Targets[Content] : null;

    /// <summary>What a capture reads.</summary>
    public EntryValue Value => ValueOf(Kind, Content, MtimeNs, Mode);

    public static EntryValue ValueOf(DiskKind kind, int content, long mtimeNs, int mode) => kind switch
    {
        DiskKind.File => EntryValue.File(Contents[content], 1, mtimeNs, mode),
        DiskKind.Directory => EntryValue.Directory(mtimeNs, mode),
        _ => EntryValue.Symlink(Targets[content], mtimeNs),
    };

    /// <summary>What appears on the disk for a version.</summary>
    public static TinyNode Of(EntryValue value) => new()
    {
        Kind = value.Kind switch { EntryKind.File => DiskKind.File, EntryKind.Directory => DiskKind.Directory, _ => DiskKind.Symlink },
        Content = value.Kind switch { EntryKind.File => Array.IndexOf(Contents, value.Content), EntryKind.Directory => 0, _ => Array.IndexOf(Targets, value.LinkTarget) },
        Mode = value.DiskMode,
        MtimeNs = value.MtimeNs,
    };
}
