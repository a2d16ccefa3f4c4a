using System.Text;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Disks.Linux;

internal sealed unsafe partial class LinuxDisk
{
    public void Move(RelativePath from, RelativePath to, MoveKind kind)
    {
        // Whatever was held: what is moved must come from, and go to, where its name leads now.
        if (from.IsReserved || to.IsReserved) LetGo();
        using var source = Reach(from, "move");
        using var destination = Reach(to, "move to");
        int error = MoveAt(source.Fd, from, destination.Fd, to, kind);
        if (error != 0) throw LinuxErrors.ToException(error, error == LinuxErrors.Exists ? to : from, "move");
    }

    /// <summary>The look goes to the directory that was put into, by whatever name it goes by then.</summary>
    public DiskStat? Put(RelativePath from, RelativePath to)
    {
        using var destination = Reach(to, "move to");
        int error = PutAt(from, destination.Fd, to);
        // Perhaps not found only in a directory that no longer is the one of this name. RACE: of two that find that at once one gives up; its path is tried again.
        if (error == LinuxErrors.NoEntry && from.IsReserved && LetGo()) error = PutAt(from, destination.Fd, to);
        if (error != 0) throw LinuxErrors.ToException(error, error == LinuxErrors.Exists ? to : from, "move");
        return StatAt(destination.Fd, to.NameUtf8, out var stat) == 0 ? stat : null;
    }

    private int PutAt(RelativePath from, int destination, RelativePath to)
    {
        using var source = Reach(from, out int error);
        return error == 0 ? MoveAt(source.Fd, from, destination, to, MoveKind.NoReplace) : error;
    }

    /// <returns>0 or errno.</returns>
    private int MoveAt(int source, RelativePath from, int destination, RelativePath to, MoveKind kind)
    {
        var name = stackalloc byte[from.NameUtf8.Length + 1];
        Terminate(from.NameUtf8, name);
        var toName = stackalloc byte[to.NameUtf8.Length + 1];
        Terminate(to.NameUtf8, toName);
        int error = LinuxErrors.NotSupported;
        if (_features.RenameFlags)
        {
            uint flag = kind == MoveKind.Exchange ? LinuxCalls.RenameExchange : LinuxCalls.RenameNoReplace;
            if (LinuxCalls.Renameat2(source, name, destination, toName, flag) == 0) return 0;
            error = LinuxCalls.Errno;
        }
        if (error is not (LinuxErrors.Invalid or LinuxErrors.NoSystemCall or LinuxErrors.NotSupported)) return error;
        return kind == MoveKind.NoReplace
            ? MoveWithoutFlags(source, name, destination, toName, to.IsReserved)
            : ExchangeWithoutFlags(source, from.NameUtf8, destination, toName, from.IsReserved);
    }

    /// <summary>
    /// No-replace for a file system that knows only plain rename: the new name is taken by link or mkdir, which never replace anything.
    /// A crash in between leaves a file under both names, or an empty placeholder; nothing is lost.
    /// </summary>
    private static int MoveWithoutFlags(int source, byte* name, int destination, byte* toName, bool isToOurs)
    {
        int error = StatName(source, name, out var stat);
        if (error != 0) return error;
        if (isToOurs) return MoveToOurs(source, name, destination, toName);
        if (stat.Kind == DiskKind.Directory)
        {
            // rename(2) replaces an empty directory only, so what somebody puts into the placeholder meanwhile makes it fail.
            if (LinuxCalls.Mkdirat(destination, toName, 0x1C0) != 0) return LinuxCalls.Errno;
            if (LinuxCalls.Renameat(source, name, destination, toName) == 0) return 0;
            error = LinuxCalls.Errno;
            _ = LinuxCalls.Unlinkat(destination, toName, LinuxCalls.AtRemoveDirectory);
            return error == LinuxErrors.NotEmpty ? LinuxErrors.Exists : error;
        }
        if (LinuxCalls.Linkat(source, name, destination, toName, 0) == 0)
        {
            if (LinuxCalls.Unlinkat(source, name, 0) == 0) return 0;
            error = LinuxCalls.Errno;
            // Somebody else removed the old name: then the move is done.
            return error == LinuxErrors.NoEntry ? 0 : error;
        }
        error = LinuxCalls.Errno;
        if (error is not (LinuxErrors.OperationNotPermitted or LinuxErrors.NotSupported or LinuxErrors.TooManyLinks or LinuxErrors.NoSystemCall)) return error;
        return MoveOverPlaceholder(source, name, destination, toName);
    }

    /// <summary>
    /// Into the program's own directory, where nobody else takes a name, so that a look is enough. One plain rename takes what has the old name at that moment; a link and then an
    /// unlink of it would remove what a program saved there by a rename in between.
    /// </summary>
    private static int MoveToOurs(int source, byte* name, int destination, byte* toName)
    {
        int error = StatName(destination, toName, out _);
        if (error != LinuxErrors.NoEntry) return error == 0 ? LinuxErrors.Exists : error;
        return LinuxCalls.Renameat(source, name, destination, toName) == 0 ? 0 : LinuxCalls.Errno;
    }

    /// <summary>No-replace for a file system that has no hard links either.</summary>
    private static int MoveOverPlaceholder(int source, byte* name, int destination, byte* toName)
    {
        const int flags = LinuxCalls.OpenReadWrite | LinuxCalls.OpenCreate | LinuxCalls.OpenExclusive | LinuxCalls.OpenCloseOnExec;
        int fd = LinuxCalls.Openat(destination, toName, flags, 0x180);
        if (fd < 0) return LinuxCalls.Errno;
        using var held = new DirectoryFd(fd, borrowed: null);
        int error = StatAt(fd, default, out var placeholder);
        if (error == 0) error = StatName(destination, toName, out var inPlace) == 0 && inPlace == placeholder ? 0 : LinuxErrors.Exists;
        // RACE: a program that opens the placeholder, or replaces it, between this look and the rename loses what it wrote in those microseconds.
        if (error == 0 && LinuxCalls.Renameat(source, name, destination, toName) != 0) error = LinuxCalls.Errno;
        if (error != 0 && StatName(destination, toName, out var left) == 0 && left.Inode == placeholder.Inode && left.Size == 0)
            _ = LinuxCalls.Unlinkat(destination, toName, 0);
        return error;
    }

    /// <summary>
    /// Exchange for a file system that knows only plain rename. What is in place gets a second name beside the source, then the source is renamed over it, then
    /// the second name becomes the source's. A crash leaves the old or the new thing in place, and the old one under the second name at worst.
    /// </summary>
    private static int ExchangeWithoutFlags(int source, ReadOnlySpan<byte> from, int destination, byte* toName, bool isFromOurs)
    {
        var name = stackalloc byte[from.Length + 1];
        Terminate(from, name);
        var suffix = Encoding.ASCII.GetBytes(AsidePlace.Suffix);
        var aside = stackalloc byte[from.Length + suffix.Length + 1];
        Terminate([.. from, .. suffix], aside);
        int error = StatName(source, name, out var staged);
        if (error == 0) error = StatName(destination, toName, out _);
        if (error != 0) return error;
        if (LinuxCalls.Linkat(destination, toName, source, aside, 0) != 0)
            return ExchangeByGap(source, name, destination, toName, aside, isFromOurs);
        error = StatName(source, aside, out var held);
        if (error == 0) error = StatName(destination, toName, out var still) is var look && look == 0 && still.Inode == held.Inode ? 0 : LinuxErrors.Busy;
        // RACE: a program that replaces the file by a rename of its own between this look and the rename loses that version. Writes into the old
        // file are safe: it lives on under the second name.
        if (error == 0 && (staged.Kind == DiskKind.Directory || LinuxCalls.Renameat(source, name, destination, toName) != 0))
            error = staged.Kind == DiskKind.Directory ? LinuxErrors.NotSupported : LinuxCalls.Errno;
        if (error == 0) return LinuxCalls.Renameat(source, aside, source, name) == 0 ? 0 : LinuxCalls.Errno;
        _ = LinuxCalls.Unlinkat(source, aside, 0);
        return error == LinuxErrors.NotSupported ? ExchangeByGap(source, name, destination, toName, aside, isFromOurs) : error;
    }

    /// <summary>Exchange where there is a directory on either side, or no hard links: the place is empty for a moment.</summary>
    private static int ExchangeByGap(int source, byte* name, int destination, byte* toName, byte* aside, bool isFromOurs)
    {
        int error = MoveWithoutFlags(destination, toName, source, aside, isFromOurs);
        if (error != 0) return error;
        // RACE: a crash here leaves nothing in place and the old thing under the second name in staging; whoever starts again has to look
        // there before taking the absence for a deletion. Something made in place meanwhile stays; the old thing then keeps its second name (AsidePlace).
        error = MoveWithoutFlags(source, name, destination, toName, isToOurs: false);
        if (error != 0)
        {
            _ = MoveWithoutFlags(source, aside, destination, toName, isToOurs: false);
            return error;
        }
        return MoveWithoutFlags(source, aside, source, name, isFromOurs);
    }

    private static int StatName(int directory, byte* name, out DiskStat stat) =>
        StatAt(directory, System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name), out stat);
}
