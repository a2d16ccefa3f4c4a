using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers.Locking;

/// <summary>Tries to take the exclusive lock that a file stands for, across processes and across handles of one process.</summary>
internal static class LockFile
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Null if another holds it; otherwise disposing of the handle releases it.</summary>
    /// <exception cref="NotSupportedException">The file system has no such locks.</exception>
    public static SafeFileHandle? TryTake(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryOpenExclusively(path);
        }

        var file = PosixFile.OpenForLocking(path);
        while (file is null)
        {
            try
            {
                PrivateFiles.CreateEmpty(path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another one created it at the same moment and holds it already; .NET opens no file that is locked.
            }
            file = PosixFile.OpenForLocking(path);
        }

        var taken = false;
        try
        {
            taken = PosixFile.TryLock(file);
            return taken ? file : null;
        }
        finally
        {
            if (!taken)
            {
                file.Dispose();
            }
        }
    }

    private static SafeFileHandle? TryOpenExclusively(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WindowsSharingViolation)
        {
            return null;
        }
    }
}
