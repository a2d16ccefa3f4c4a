using System.Runtime.InteropServices;

namespace MagicFolder.Grid.Tests.Support;

/// <summary>What whoever controls a grid directory may put where a file of the grid should be.</summary>
internal static partial class ForeignThing
{
    public static TheoryData<string> NoFiles =>
        OperatingSystem.IsWindows() ? ["a directory"] : ["a directory", "a full directory", "a dangling link", "a link to itself", "a link to another share", "a pipe", "a socket"];

    /// <summary>Puts it in the place of <paramref name="path"/>; what was there comes beside it, as <c>.true</c>.</summary>
    public static void Put(string kind, string path)
    {
        if (File.Exists(path))
        {
            File.Move(path, path + ".true");
        }

        switch (kind)
        {
            case "a directory":
                Directory.CreateDirectory(path);
                break;
            case "a full directory":
                Directory.CreateDirectory(path);
                File.WriteAllText(Path.Combine(path, "0"), "x");
                break;
            case "a dangling link":
                File.CreateSymbolicLink(path, path + ".nowhere");
                break;
            case "a link to itself":
                File.CreateSymbolicLink(path, path);
                break;
            case "a link to another share":
                File.CreateSymbolicLink(path, path + ".true");
                break;
            case "a pipe":
                MakeFifo(path, 0x180).ShouldBe(0);
                break;
            case "a socket":
                MakeNode(path, 0xC180, 0).ShouldBe(0);
                break;
            default:
                throw new ArgumentException(kind, nameof(kind));
        }
    }

    /// <summary>Brings back what was there.</summary>
    public static void TakeAway(string path)
    {
        if (Directory.Exists(path) && !new FileInfo(path).Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Move(path + ".true", path, overwrite: true);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, nint device);
}
