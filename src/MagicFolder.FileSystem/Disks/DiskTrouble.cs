using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks;

/// <summary>One wording for each <see cref="DiskFault"/>, for exceptions and problems alike.</summary>
public static class DiskTrouble
{
    /// <summary>One clause: what happened.</summary>
    public static string Reason(DiskFault fault) => fault switch
    {
        DiskFault.NotFound => "it does not exist",
        DiskFault.AccessDenied => "permission denied",
        DiskFault.Exists => "something is already there",
        DiskFault.NotEmpty => "the directory is not empty",
        DiskFault.NoSpace => "the disk or the quota is full",
        DiskFault.NameTooLong => "the name is too long for this disk",
        DiskFault.NameRefused => "the disk cannot hold such a name",
        DiskFault.SymlinkOnTheWay => "a symbolic link is on the way to it",
        DiskFault.WrongKind => "it is not the kind of thing that was expected",
        DiskFault.ReadOnly => "the disk is read-only",
        DiskFault.CrossDevice => "it is on another disk than the folder",
        DiskFault.Busy => "it is in use",
        DiskFault.TooManyOpenFiles => "too many files are open",
        DiskFault.Unsupported => "the disk does not offer this operation",
        _ => "the disk reports an error",
    };

    /// <summary>One clause: what to do about it.</summary>
    public static string Advice(DiskFault fault) => fault switch
    {
        DiskFault.NotFound => "nothing to do if it was removed on purpose",
        DiskFault.AccessDenied => "give the user that runs magic-folder access to it",
        DiskFault.Exists or DiskFault.NotEmpty => "it is looked at again at the next scan",
        DiskFault.NoSpace => "free some space",
        DiskFault.NameTooLong or DiskFault.NameRefused => "rename it where it comes from",
        DiskFault.SymlinkOnTheWay => "replace the link by a real directory, or remove what is expected behind it",
        DiskFault.WrongKind => "remove or rename what stands there",
        DiskFault.ReadOnly => "mount the disk writable",
        DiskFault.CrossDevice => "keep the whole folder on one disk",
        DiskFault.Busy => "it is tried again; close the program that uses it",
        DiskFault.TooManyOpenFiles => "raise the limit of open files",
        DiskFault.Unsupported => "move the folder to a disk with a full file system",
        _ => "check the disk",
    };

    public static Problem ToProblem(RelativePath path, DiskFault fault) => new(path, Reason(fault), Advice(fault));

    public static Problem ToProblem(this DiskException trouble) => ToProblem(trouble.Path, trouble.Fault);

    /// <param name="fault">What kind of trouble.</param>
    /// <param name="path">What it is about.</param>
    /// <param name="doing">The verb: "read", "move".</param>
    /// <param name="detail">Appended to the reason.</param>
    /// <param name="inner">The cause.</param>
    public static DiskException Exception(DiskFault fault, RelativePath path, string doing, string detail = "", Exception? inner = null) =>
        new(fault, path, $"Cannot {doing} {path}: {Reason(fault)}{detail}; {Advice(fault)}.", inner);
}
