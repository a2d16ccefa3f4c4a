using MagicFolder.Grid.Servers.Locking;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// Opens what stands where a file of the grid should. Whoever controls the directory can put anything there, so no link is followed, no pipe waited for, and nothing but a
/// regular file taken for one.
/// </summary>
internal static class ShareFile
{
    /// <exception cref="FileNotFoundException">Nothing stands there.</exception>
    /// <exception cref="GridException"><see cref="GridFailure.Damaged"/>: it is no regular file.</exception>
    public static SafeFileHandle Open(string path, FileAccess access)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixFile.OpenRegular(path, access) ?? throw NoFile(path);
        }

        if (AttributesOf(path) is { } there && (there & (FileAttributes.ReparsePoint | FileAttributes.Directory)) != 0)
        {
            throw NoFile(path);
        }

        return File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Refuses to put a file in the place of a directory.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.Damaged"/>.</exception>
    public static void RefuseDirectory(string path)
    {
        if (Directory.Exists(path) && !IsLink(path))
        {
            throw NoFile(path);
        }
    }

    /// <summary>
    /// Refuses what stands in the place of a directory of the grid and is none. A link is none: what it points to is not the grid's business. Nothing there is well.
    /// </summary>
    /// <exception cref="GridException"><see cref="GridFailure.Damaged"/>.</exception>
    public static void RequireDirectory(string path)
    {
        if (AttributesOf(path) is { } there && (there.HasFlag(FileAttributes.ReparsePoint) || !there.HasFlag(FileAttributes.Directory)))
        {
            throw new GridException(
                GridFailure.Damaged, $"What stands at '{path}' in the grid directory is no directory. Remove it, or bring the directory back.");
        }
    }

    private static bool IsLink(string path) => AttributesOf(path) is { } there && there.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Of what stands there itself, not of what it points to. Null if nothing does.</summary>
    private static FileAttributes? AttributesOf(string path) => new FileInfo(path).Attributes is var there && (int)there == -1 ? null : there;

    private static GridException NoFile(string path) => new(
        GridFailure.Damaged, $"What stands at '{path}' in the grid directory is no file. Remove it, or bring the file back.");
}
