using System.Diagnostics;
using System.Net.Sockets;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>Trouble with one path is one clear line that names it, and the others go on. What cannot be seen is never taken for deleted.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task AnUnreadableFileIsReportedAndTheOthersGoOn()
    {
        _computer.Write("alice/readable", "content");
        _computer.Write("alice/secret", "content");
        File.SetUnixFileMode(_computer.At("alice/secret"), UnixFileMode.None);

        var result = await _computer.RunAsMortalAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("alice", "secret", "permission");
        _computer.Names("bob").ShouldBe(["readable"]);

        File.SetUnixFileMode(_computer.At("alice/secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task AnUnreadableDirectoryIsReportedAndItsFilesAreNotDeletedElsewhere()
    {
        _computer.Write("alice/closed/file", "content");
        _computer.Write("alice/open/file", "content");
        await _computer.SyncAsync("alice", "bob");

        File.SetUnixFileMode(_computer.At("alice/closed"), UnixFileMode.None);
        _computer.Write("alice/open/new", "new");
        var result = await _computer.RunAsMortalAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("alice", "closed", "permission");
        _computer.Read("bob/closed/file").ShouldBe("content");
        _computer.Read("bob/open/new").ShouldBe("new");
    }

    [Fact]
    public async Task ADirectoryThatCannotBeWrittenToIsReportedAndTheOthersGoOn()
    {
        _computer.Write("alice/fixed/file", "content");
        await _computer.SyncAsync("alice", "bob");

        File.SetUnixFileMode(_computer.At("bob/fixed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _computer.Write("alice/fixed/new", "new");
        _computer.Write("alice/other/new", "new");
        var result = await _computer.RunAsMortalAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("bob", "fixed/new", "permission");
        _computer.Read("bob/other/new").ShouldBe("new");

        File.SetUnixFileMode(_computer.At("bob/fixed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await _computer.RunAsync("sync", "alice", "bob");
        _computer.Read("bob/fixed/new").ShouldBe("new");
    }

    [Fact]
    public async Task SpecialFilesAreReportedAndLeftAlone()
    {
        _computer.Write("alice/file", "content");
        Posix.MakeFifo(_computer.At("alice/fifo"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_computer.At("alice/socket")));

        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("alice", "fifo:").ShouldReportOnce("alice", "socket:");
        _computer.Names("bob").ShouldBe(["file"]);
        _computer.Names("alice").ShouldBe(["fifo", "file", "socket"]);
    }

    [Fact]
    public async Task ANameThatIsNoTextIsReportedAndLeftAlone()
    {
        _computer.Write("alice/file", "content");
        Posix.MakeFile(_computer.At("alice"), [0x61, 0xff, 0x62]);

        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("alice", "UTF-8");
        _computer.Names("bob").ShouldBe(["file"]);
        Directory.GetFiles(_computer.At("alice")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task AFullDiskIsReportedAndTheRestIsBroughtOverOnceThereIsSpace()
    {
        _computer.Write("alice/small", "content");
        _computer.Write("alice/large", Trees.SampleTree.Bytes(3_000_000));
        Directory.CreateDirectory(_computer.At("bob"));
        using var disk = SmallDisk.Mount(_computer.At("bob"), "2m");

        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(3).ShouldReportOnce("bob", "large", "space");
        _computer.Names("bob").ShouldBe(["small"]);

        disk.Resize("16m");
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task AMissingMarkerStopsThatDirectoryAndDeletesNothing()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.At("bob"), _computer.At("elsewhere"));
        Directory.CreateDirectory(_computer.At("bob"));
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce("bob", "marker");
        _computer.Read("alice/file").ShouldBe("content");

        Directory.Delete(_computer.At("bob"));
        Directory.Move(_computer.At("elsewhere"), _computer.At("bob"));
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task AMissingDirectoryStopsItAndDeletesNothing()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.At("bob"), _computer.At("elsewhere"));
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.ShouldReportOnce("bob");
        _computer.Read("alice/file").ShouldBe("content");
    }

    [Fact]
    public async Task ACopiedDirectoryIsRefusedUntilItsMarkerIsRemoved()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        using (var copy = Process.Start("cp", ["-a", _computer.At("bob"), _computer.At("copy")])) await copy.WaitForExitAsync();
        var result = await _computer.RunAsync("sync", "alice", "bob", "copy");
        result.ShouldExit(1).ShouldReportOnce("copy", "bob");

        _computer.Delete("copy/.magic-folder");
        await _computer.SyncAsync("alice", "bob", "copy");
    }

    public void Dispose() => _computer.Dispose();
}
