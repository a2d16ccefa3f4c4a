using System.Text;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Model.Versions;

public enum EntryKind : byte
{
    File = 0,
    Directory = 1,
    Symlink = 2,
}

/// <summary>
/// One version of one path. What identifies it is <see cref="Kind"/>, <see cref="Content"/>, <see cref="LinkTarget"/> and the executable
/// bit (<see cref="IsSameVersionAs"/>); size, mtime and the other mode bits travel with it. Record equality compares everything.
/// </summary>
public sealed record EntryValue
{
    /// <summary>UTF-8 bytes of the longest link target accepted.</summary>
    public const int MaxLinkTargetLength = 4096;

    private const int ExecutableBit = 0b001_000_000;
    private const int OwnerMayRead = 0b100_000_000;
    private const int OwnerMayDoAll = 0b111_000_000;
    private const int AllMayExecute = 0b001_001_001;
    private const int AllMayRead = 0b100_100_100;

    private EntryValue(EntryKind kind, long size, long mtimeNs, int mode, BlobId content, string? linkTarget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, 0xFFF);
        Kind = kind;
        Size = size;
        MtimeNs = mtimeNs;
        Mode = mode;
        Content = content;
        LinkTarget = linkTarget;
    }

    public EntryKind Kind { get; }

    /// <summary>Bytes of a file; 0 for the other kinds.</summary>
    public long Size { get; }

    /// <summary>Nanoseconds since the Unix epoch; may be negative.</summary>
    public long MtimeNs { get; }

    /// <summary>Permission bits, 0 to 07777.</summary>
    public int Mode { get; }

    /// <summary>
    /// The bits that a disk gets. A file that somebody else made is never setuid or setgid here: it would let other users of this computer run that somebody's program
    /// with the rights of this one. And its owner can always read it, and fill a directory: what comes later has to be put there as well.
    /// </summary>
    public int DiskMode => Kind == EntryKind.File ? (Mode & 0x1FF) | OwnerMayRead : Mode | OwnerMayDoAll;

    /// <summary>SHA-256 of a file's bytes; <c>default</c> for the other kinds.</summary>
    public BlobId Content { get; }

    /// <summary>Where a symlink points, as given; null for the other kinds.</summary>
    public string? LinkTarget { get; }

    /// <summary>The owner's execute bit of a file; false for the other kinds.</summary>
    public bool IsExecutable => Kind == EntryKind.File && IsExecutableMode(Mode);

    /// <summary>Do these permission bits make a file executable for its owner?</summary>
    public static bool IsExecutableMode(int mode) => (mode & ExecutableBit) != 0;

    public static EntryValue File(BlobId content, long size, long mtimeNs, int mode) =>
        new(EntryKind.File, size, mtimeNs, mode, content, null);

    public static EntryValue Directory(long mtimeNs, int mode) => new(EntryKind.Directory, 0, mtimeNs, mode, default, null);

    /// <param name="target">Not empty, valid Unicode without NUL, at most <see cref="MaxLinkTargetLength"/> bytes of UTF-8.</param>
    public static EntryValue Symlink(string target, long mtimeNs)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (target.Contains('\0')) throw new ArgumentException("A link target holds no NUL.", nameof(target));
        if (!IsValidUnicode(target)) throw new ArgumentException("A link target is valid Unicode.", nameof(target));
        if (Encoding.UTF8.GetByteCount(target) > MaxLinkTargetLength) throw new ArgumentException("The link target is too long.", nameof(target));
        return new(EntryKind.Symlink, 0, mtimeNs, 0x1FF, default, target);
    }

    /// <summary>The same file with this executable bit: for all who may read it.</summary>
    public EntryValue WithExecutable(bool executable)
    {
        if (Kind != EntryKind.File) throw new InvalidOperationException("Only a file is executable.");
        if (executable == IsExecutable) return this;
        return File(Content, Size, MtimeNs, executable ? Mode | ((Mode & AllMayRead) >> 2) | ExecutableBit : Mode & ~AllMayExecute);
    }

    /// <summary>Equal in the sense of promise 2: the same kind, content, link target and executable bit.</summary>
    public bool IsSameVersionAs(EntryValue other) =>
        Kind == other.Kind && Content == other.Content && LinkTarget == other.LinkTarget && IsExecutable == other.IsExecutable;

    private static bool IsValidUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
