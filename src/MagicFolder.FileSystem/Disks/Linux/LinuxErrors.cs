using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>errno -> <see cref="DiskFault"/>. The numbers are those of asm-generic/errno.h, which x64 and arm64 share.</summary>
internal static class LinuxErrors
{
    public const int OperationNotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int NoDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;
    public const int Invalid = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int TextBusy = 26;
    public const int FileTooBig = 27;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int TooManyLinks = 31;
    public const int NameTooLong = 36;
    public const int NoSystemCall = 38;
    public const int NotEmpty = 39;
    public const int Loop = 40;
    public const int IllegalSequence = 84;
    public const int NotSupported = 95;
    public const int Quota = 122;

    public static DiskFault FaultOf(int errno) => errno switch
    {
        NoEntry => DiskFault.NotFound,
        AccessDenied or OperationNotPermitted => DiskFault.AccessDenied,
        Exists => DiskFault.Exists,
        NotEmpty => DiskFault.NotEmpty,
        NoSpace or Quota => DiskFault.NoSpace,
        NameTooLong => DiskFault.NameTooLong,
        Invalid or IllegalSequence => DiskFault.NameRefused,
        Loop => DiskFault.SymlinkOnTheWay,
        NotADirectory or IsADirectory or NoDeviceOrAddress => DiskFault.WrongKind,
        ReadOnly => DiskFault.ReadOnly,
        CrossDevice => DiskFault.CrossDevice,
        Busy or TryAgain or TextBusy => DiskFault.Busy,
        TooManyFiles or TooManyFilesInSystem => DiskFault.TooManyOpenFiles,
        NotSupported or NoSystemCall or FileTooBig or TooManyLinks => DiskFault.Unsupported,
        _ => DiskFault.Io,
    };

    /// <param name="errno">What the call said.</param>
    /// <param name="path">What it was about.</param>
    /// <param name="doing">The verb: "read", "move".</param>
    public static DiskException ToException(int errno, RelativePath path, string doing)
    {
        var fault = FaultOf(errno);
        return DiskTrouble.Exception(fault, path, doing, fault == DiskFault.Io ? $" (error {errno})" : "");
    }
}
