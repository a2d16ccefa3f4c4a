using System.Security;

namespace MagicFolder.Grid.Servers;

/// <summary>Turns what the file system throws into a <see cref="GridException"/> that names the path and says what to do.</summary>
internal static class StorageTrouble
{
    // errno values, which .NET passes on as HResult on Unix; then the Windows error codes.
    private const int Eio = 5;
    private const int Erofs = 30;
    private const int Enospc = 28;
    private const int EdquotLinux = 122;
    private const int EdquotMac = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsStorage(Exception exception) => exception is IOException or UnauthorizedAccessException or SecurityException;

    public static GridException Describe(Exception exception, string path) => exception switch
    {
        UnauthorizedAccessException or SecurityException => new GridException(
            GridFailure.Denied, $"No permission for '{path}' in the grid directory. Give this user read and write permission there.", exception),
        DirectoryNotFoundException or DriveNotFoundException => Missing(path, exception),
        IOException { HResult: Enospc or EdquotLinux or EdquotMac or WindowsDiskFull or WindowsHandleDiskFull } => new GridException(
            GridFailure.NoSpace, $"The disk or the quota is full at '{path}'. Free some space there.", exception),
        IOException { HResult: Erofs } => new GridException(
            GridFailure.Denied, $"'{path}' is on a file system that is mounted read-only. Mount it for writing.", exception),
        IOException { HResult: Eio } => new GridException(
            GridFailure.Io, $"The disk reports an input or output error at '{path}'. Check its health.", exception),
        _ => new GridException(GridFailure.Io, $"Input or output error at '{path}': {exception.Message}", exception),
    };

    public static GridException Missing(string path, Exception? inner = null) => new(
        GridFailure.Unavailable, $"The grid directory is not there: '{path}' is missing. Connect or mount the drive it is on, or correct the path.", inner);
}
