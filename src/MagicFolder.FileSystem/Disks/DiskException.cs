using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>What kind of trouble a disk has.</summary>
public enum DiskFault
{
    None = 0,
    NotFound,
    AccessDenied,
    Exists,
    NotEmpty,
    NoSpace,
    NameTooLong,

    /// <summary>The file system cannot hold such a name.</summary>
    NameRefused,
    SymlinkOnTheWay,

    /// <summary>Not the kind of thing that the call is for.</summary>
    WrongKind,
    ReadOnly,
    CrossDevice,
    Busy,
    TooManyOpenFiles,

    /// <summary>The file system does not offer the operation.</summary>
    Unsupported,
    Io,
}

/// <summary>Trouble with one path on a disk. The message has the path, what happened and what to do.</summary>
public sealed class DiskException : IOException
{
    public DiskException(DiskFault fault, RelativePath path, string message, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        Path = path;
    }

    public DiskFault Fault { get; }

    public RelativePath Path { get; }
}
