using System.Diagnostics;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>A file system of a limited size in memory, mounted on a directory. Skips the test where that is not allowed.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _directory;

    private SmallDisk(string directory) => _directory = directory;

    internal static SmallDisk Mount(string directory, string size)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory), "File systems cannot be mounted here.");
        return new SmallDisk(directory);
    }

    internal void Resize(string size) => Run("mount", "-o", "remount,size=" + size, _directory).ShouldBeTrue();

    public void Dispose() => Run("umount", "--lazy", _directory);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
