using MagicFolder.FileSystem.Disks;

namespace MagicFolder.Simulation.Disks;

/// <summary>A thing on a <see cref="MemoryFileSystem"/>: lives as long as a name or an open file refers to it.</summary>
internal sealed class MemoryInode(ulong number, DiskKind kind, NameOrder names)
{
    private string? _digest;
    private (byte[] Content, int Mode, long MtimeNs, long CtimeNs) _durable = ([], 0, 0, 0);

    public ulong Number { get; } = number;

    public DiskKind Kind { get; } = kind;

    public byte[] Content { get; private set; } = [];

    public byte[] Target { get; init; } = [];

    public SortedDictionary<byte[], MemoryInode> Children { get; } = new(names);

    /// <summary>What a directory holds on the medium.</summary>
    public SortedDictionary<byte[], MemoryInode> DurableChildren { get; } = new(names);

    public NameOrder Names => names;

    /// <summary>Of the file system that is mounted here, if it is another than that of the folder.</summary>
    public ulong? Mounted { get; set; }

    public int Mode { get; set; }

    public long MtimeNs { get; set; }

    public long CtimeNs { get; set; }

    public int Links { get; set; }

    public int OpenFiles { get; set; }

    public int Writers { get; set; }

    public bool IsDirectory => Kind == DiskKind.Directory;

    /// <summary>The content as text when short, else its hash: what an oracle compares.</summary>
    public string Digest => _digest ??= Content.Length <= 80
        ? System.Text.Encoding.UTF8.GetString(Content)
        : $"{Content.Length}:{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Content))[..16]}";

    public void Replace(byte[] content)
    {
        Content = content;
        _digest = null;
    }

    /// <summary>Content and attributes are on the medium.</summary>
    public void MakeDurable() => _durable = (Content, Mode, MtimeNs, CtimeNs);

    /// <summary>The medium has the attributes, the length and as much of the content as it had before; the rest is zeros.</summary>
    public void MakeTorn()
    {
        var torn = new byte[Content.Length];
        _durable.Content.AsSpan(0, Math.Min(torn.Length, _durable.Content.Length)).CopyTo(torn);
        _durable = (torn, Mode, MtimeNs, CtimeNs);
    }

    /// <summary>After a power loss: only what is on the medium is left.</summary>
    public void ShowDurable()
    {
        Replace(_durable.Content);
        (_, Mode, MtimeNs, CtimeNs) = _durable;
        Children.Clear();
        foreach (var (name, child) in DurableChildren) Children.Add(name, child);
        OpenFiles = Writers = 0;
        Links = 0;
    }

    /// <summary>The same on another disk, open nowhere and naming nothing: <see cref="InodeCopies"/> gives it copies of what this one names.</summary>
    public MemoryInode CopyAlone() => new(Number, Kind, names)
    {
        _digest = _digest,
        _durable = _durable,
        Content = Content,
        Target = Target,
        Mounted = Mounted,
        Mode = Mode,
        MtimeNs = MtimeNs,
        CtimeNs = CtimeNs,
        Links = Links,
    };

    /// <summary>All but the number, the names in a directory, and what is on the medium.</summary>
    public void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)Kind);
        writer.Write(Mode);
        writer.Write(MtimeNs);
        writer.Write(CtimeNs);
        writer.Write(Links);
        writer.Write(Content.Length);
        writer.Write(Content);
        writer.Write(Target.Length);
        writer.Write(Target);
    }

    public DiskStat ToStat(ulong device) =>
        new(Kind, Kind == DiskKind.Symlink ? Target.Length : Content.Length, MtimeNs, CtimeNs, Number, Mounted ?? device, Mode, Links);
}
