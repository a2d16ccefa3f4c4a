using MagicFolder.Grid.Servers.Locking;

namespace MagicFolder.Grid.Servers;

/// <summary>Files and directories for this user alone (0600, 0700), made durable in the order that a crash cannot break.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Opens a file for writing, without a buffer.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode600;
        }

        return new FileStream(path, options);
    }

    public static void CreateEmpty(string path) => Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete).Dispose();

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode700);
        }
    }

    /// <summary>Makes this directory, unless it is there, but none above it: what was there a moment ago may have been a drive that is gone now, and its mount point is nobody's grid.</summary>
    /// <exception cref="DirectoryNotFoundException">What is above it is not there.</exception>
    public static void CreateOneDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // RACE: if the directory above goes between the look and the making, both are made.
            if (!Directory.Exists(Path.GetDirectoryName(path)))
            {
                throw new DirectoryNotFoundException($"Could not find '{Path.GetDirectoryName(path)}'.");
            }

            Directory.CreateDirectory(path);
        }
        else
        {
            PosixFile.MakeDirectory(path, (uint)DirectoryMode700);
        }
    }

    /// <summary>
    /// Puts <paramref name="content"/> in place of the file, by way of <paramref name="temporary"/> beside it: a reader or a crash sees the old file or the new one.
    /// The caller holds the lock that guards the path and flushes the directory.
    /// </summary>
    public static void Replace(string path, string temporary, ReadOnlySpan<byte> content)
    {
        // Never written through: what stands there is a leftover, or was put there to have something else written over.
        File.Delete(temporary);
        using (var file = Open(temporary, FileMode.CreateNew, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes the names in a directory durable. Windows journals them by itself.</summary>
    public static void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFile.FlushDirectory(path);
        }
    }
}
