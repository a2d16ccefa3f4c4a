namespace MagicFolder.FileSystem.Disks.Linux;

/// <summary>Which newer system calls to try. What the kernel turns out to lack is done without; tests turn features off to run the fallbacks.</summary>
/// <param name="Openat2">Linux 5.6. Without: component by component.</param>
/// <param name="RenameFlags">Exchange and no-replace, if the file system has them. Without: links and renames.</param>
/// <param name="Fchmodat2">Linux 6.6. Without: open and fchmod.</param>
/// <param name="WholeFlush">syncfs, where the file system is known to have it. Without: a flush for each path.</param>
internal readonly record struct LinuxFeatures(bool Openat2, bool RenameFlags, bool Fchmodat2, bool WholeFlush)
{
    public static readonly LinuxFeatures All = new(true, true, true, true);

    public static readonly LinuxFeatures None = new(false, false, false, false);
}
