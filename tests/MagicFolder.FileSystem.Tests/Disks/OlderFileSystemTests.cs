using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Disks.Linux;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Disks;

/// <summary>What is done where a file system lacks what others have.</summary>
public sealed class OlderFileSystemTests : IDisposable
{
    private const uint Closed = 0x10;
    private const uint Opened = 0x20;
    private const uint MovedFrom = 0x40;
    private const uint MovedTo = 0x80;
    private const uint Deleted = 0x200;

    private readonly TempFolder _folder = new();

    public OlderFileSystemTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");

    [Theory]
    [InlineData(0xEF53, true)] // ext4
    [InlineData(0x58465342, true)] // XFS
    [InlineData(0x9123683E, true)] // Btrfs
    [InlineData(0x65735546, false)] // FUSE
    [InlineData(0xF15F, false)] // eCryptfs
    [InlineData(0x4D44, false)] // FAT
    [InlineData(0x6969, false)] // NFS
    public void OnlyFileSystemsThatAreKnownToAreFlushedAsAWhole(uint fileSystem, bool isWhole) => WholeFlush.WorksOn(fileSystem).ShouldBe(isWhole);

    [Fact]
    public void WhereThatIsNotKnownEachOfManyIsFlushed()
    {
        using var disk = Open();
        Directory.CreateDirectory(_folder.At("d"));
        var paths = Enumerable.Range(0, 40).Select(i => P($"d/{i}")).ToList();
        foreach (var path in paths) File.WriteAllText(_folder.At(path.ToString()), "x");

        var opened = Native.Events(_folder.At("d"), Opened, () => disk.Flush(paths));

        opened.Select(one => one.Name).Where(name => name.Length > 0).Order().ShouldBe(paths.Select(path => path.Name.ToString()).Order());
        opened.ShouldContain(one => one.Name.Length == 0, "and their directory");
    }

    [Fact]
    public void WhereThatIsNotKnownAllDirectoriesAreFlushed()
    {
        using var disk = Open();
        Directory.CreateDirectory(_folder.At("a/b"));
        File.CreateSymbolicLink(_folder.At("a/link"), _folder.Root);

        // Once to list it, once to flush it. Closing tells the two apart.
        Native.Events(_folder.At("a/b"), Opened | Closed, disk.FlushAll).Count(one => (one.Kind & Opened) != 0).ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADirectoryThatMayOnlyBeEnteredStandsInTheWayOfNoFlush(bool newCalls)
    {
        Assert.SkipWhen(Environment.UserName == "root", "who may read everything");
        if (!OperatingSystem.IsLinux()) return;
        using IDisk disk = LinuxDisk.Open(_folder.Root, newCalls ? LinuxFeatures.All : LinuxFeatures.None);
        Directory.CreateDirectory(_folder.At("d"));
        var paths = Enumerable.Range(0, 40).Select(i => P($"d/{i}")).ToList();
        foreach (var path in paths) File.WriteAllText(_folder.At(path.ToString()), "x");
        File.SetUnixFileMode(_folder.At("d"), UnixFileMode.UserExecute | UnixFileMode.UserWrite);

        disk.Flush(paths);
        disk.FlushAll();
        File.SetUnixFileMode(_folder.At("d"), UnixFileMode.UserExecute | UnixFileMode.UserWrite | UnixFileMode.UserRead);
    }

    [Fact]
    public void WhatIsTakenAwayGoesInOneStep()
    {
        using var disk = Open();
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        File.WriteAllText(_folder.At("f"), "x");

        Native.Events(_folder.Root, MovedFrom | Deleted, () => disk.Move(P("f"), P(".magic-folder/staging/f"), MoveKind.NoReplace)).ShouldBe([(MovedFrom, "f")]);

        File.WriteAllText(_folder.At("f"), "another");
        Should.Throw<DiskException>(() => disk.Move(P("f"), P(".magic-folder/staging/f"), MoveKind.NoReplace)).Fault.ShouldBe(DiskFault.Exists);
        File.ReadAllText(_folder.At(".magic-folder/staging/f")).ShouldBe("x");
    }

    [Fact]
    public void WhatADirectoryTakesThePlaceOfGoesInOneStep()
    {
        using var disk = Open();
        Directory.CreateDirectory(_folder.At(".magic-folder/staging/d"));
        File.WriteAllText(_folder.At("f"), "x");

        Native.Events(_folder.Root, MovedFrom | MovedTo | Deleted, () => disk.Move(P(".magic-folder/staging/d"), P("f"), MoveKind.Exchange))
            .Where(one => one.Name == "f").First().Kind.ShouldBe(MovedFrom);
        File.ReadAllText(_folder.At(".magic-folder/staging/d")).ShouldBe("x");
        Directory.Exists(_folder.At("f")).ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private static RelativePath P(string path) => RelativePath.Parse(path);

    private IDisk Open() => OperatingSystem.IsLinux() ? LinuxDisk.Open(_folder.Root, LinuxFeatures.None) : throw new PlatformNotSupportedException();
}
