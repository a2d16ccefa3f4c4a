using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Folders;

/// <summary>
/// Small files with secrets: owner only, replaced as a whole or not at all, and durable with their names when the call returns. What is stored or told next may rely on them, and is often
/// on another disk: keys before what they open, an invite before its code.
/// </summary>
public static class PrivateFile
{
    private static int _given;

    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static void Write(string file, ReadOnlySpan<byte> bytes) => Write(file, file + ".new", bytes, overwrite: true);

    /// <summary>Of two processes that do it at once, the file of the first one stays.</summary>
    public static void WriteNew(string file, ReadOnlySpan<byte> bytes)
    {
        // Each has a name of its own for what it writes, so that neither takes the other's away.
        string temporary = $"{file}.{Environment.ProcessId}-{Interlocked.Increment(ref _given)}.new";
        try
        {
            Write(file, temporary, bytes, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // The other one's.
            File.Delete(temporary);
        }
    }

    private static void Write(string file, string temporary, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, file, overwrite);
        FlushNames(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    /// <summary>With those above it, as far as there are none; owner only.</summary>
    public static void CreateDirectory(string directory)
    {
        var missing = new Stack<string>();
        for (string? path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)); path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path)) missing.Push(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string made in missing) FlushNames(Path.GetDirectoryName(made)!);
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void FlushNames(string directory)
    {
        try
        {
            using var disk = LocalDisk.Open(directory);
            disk.Flush([RelativePath.Root]);
        }
        catch (DiskException e) when (e.Fault == DiskFault.AccessDenied)
        {
            // One that may be written to and not read, such as one above that is somebody else's: there is no way to flush it.
        }
    }
}
