using System.IO.MemoryMappedFiles;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Disks.Linux;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Disks;

/// <summary>What only Linux promises.</summary>
public sealed class LinuxDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    public LinuxDiskTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        _disk = LocalDisk.Open(_folder.Root);
    }

    [Fact]
    public void NanosecondsGoRoundTrip()
    {
        File.WriteAllText(_folder.At("f"), "x");
        foreach (long ns in new[] { 1_234_567_890_123_456_789, 1, -1, -999_999_999, 4_000_000_000_000_000_001 })
        {
            _disk.SetAttributes(P("f"), ns, null);
            _disk.Stat(P("f"))!.Value.MtimeNs.ShouldBe(ns);
        }
    }

    [Fact]
    public void TheProgramsOwnDirectoryIsFoundAnewWhenItWasReplaced()
    {
        var stage = P(".magic-folder/staging/one");
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        _disk.CreateFile(stage, 0x180).Dispose();
        _disk.Stat(stage).ShouldNotBeNull();

        Directory.Move(_folder.At(".magic-folder/staging"), _folder.At("moved"));
        _disk.Flush([RelativePath.Root]);
        _disk.Stat(stage).ShouldBeNull();
        Should.Throw<DiskException>(() => _disk.CreateFile(stage, 0x180)).Fault.ShouldBe(DiskFault.NotFound);

        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        File.WriteAllText(_folder.At(".magic-folder/staging/two"), "put back");
        _disk.Stat(P(".magic-folder/staging/two"))!.Value.Size.ShouldBe(8);
        _disk.CreateFile(stage, 0x180).Dispose();
        File.Exists(_folder.At(".magic-folder/staging/one")).ShouldBeTrue();
    }

    [Fact]
    public void WhatIsReplacedBetweenTwoFlushesIsFoundAllTheSame()
    {
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        _disk.CreateFile(P(".magic-folder/staging/one"), 0x180).Dispose();
        Directory.Delete(_folder.At(".magic-folder/staging"), recursive: true);
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        File.WriteAllText(_folder.At(".magic-folder/staging/two"), "put back");

        _disk.Stat(P(".magic-folder/staging/two"))!.Value.Size.ShouldBe(8);
        Directory.Delete(_folder.At(".magic-folder/staging"), recursive: true);
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        _disk.CreateFile(P(".magic-folder/staging/three"), 0x180).Dispose();
        File.Exists(_folder.At(".magic-folder/staging/three")).ShouldBeTrue();
    }

    [Fact]
    public void WhatIsPutComesFromTheProgramsOwnDirectoryEvenIfThatWasReplaced()
    {
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        _disk.CreateFile(P(".magic-folder/staging/one"), 0x180).Dispose();
        Directory.Delete(_folder.At(".magic-folder/staging"), recursive: true);
        Directory.CreateDirectory(_folder.At(".magic-folder/staging"));
        File.WriteAllText(_folder.At(".magic-folder/staging/two"), "put back");

        _disk.Put(P(".magic-folder/staging/two"), P("f"))!.Value.Size.ShouldBe(8);
        File.ReadAllText(_folder.At("f")).ShouldBe("put back");
    }

    [Fact]
    public void BitsAndTimeOfAnOpenFileAreSet()
    {
        using (var file = _disk.CreateFile(P("f"), 0x180))
        {
            file.Write(0, "x"u8);
            file.TrySetAttributes(1_234_567_890_123_456_789, 0x1ED).ShouldBeTrue();
        }
        _disk.Stat(P("f"))!.Value.MtimeNs.ShouldBe(1_234_567_890_123_456_789);
        _disk.Stat(P("f"))!.Value.Mode.ShouldBe(0x1ED);
    }

    [Fact]
    public async Task AFifoDoesNotBlock()
    {
        Native.MakeFifo(_folder.At("fifo"));
        _disk.Stat(P("fifo"))!.Value.Kind.ShouldBe(DiskKind.Special);
        var open = Task.Run(() => Should.Throw<DiskException>(() => _disk.OpenRead(P("fifo"))).Fault);
        (await open.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(DiskFault.WrongKind);
        _disk.Flush([P("fifo")]);
    }

    [Fact]
    public void OffsetsBeyondFourGigabytesWork()
    {
        const long far = 5_000_000_000;
        using var file = _disk.CreateFile(P("sparse"), 0x180);
        file.Write(far, "end"u8);
        file.Stat().Size.ShouldBe(far + 3);
        var buffer = new byte[10];
        file.Read(far, buffer).ShouldBe(3);
        file.Read(1, buffer).ShouldBe(10);
        buffer.ShouldAllBe(b => b == 0);
    }

    [Fact]
    public void AWriterIsNoticed()
    {
        File.WriteAllText(_folder.At("f"), "some content");
        _disk.MayHaveWriters(P("f")).ShouldBeFalse();
        using (File.Open(_folder.At("f"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)) _disk.MayHaveWriters(P("f")).ShouldBeFalse();
        using (File.Open(_folder.At("f"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) _disk.MayHaveWriters(P("f")).ShouldBeTrue();
        _disk.MayHaveWriters(P("f")).ShouldBeFalse();
    }

    [Fact]
    public void OfAnOrdinaryFileWritersAreTold()
    {
        File.WriteAllText(_folder.At("f"), "some content");
        _disk.TellsWriters(P("f")).ShouldBeTrue();
        using (File.Open(_folder.At("f"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)) _disk.TellsWriters(P("f")).ShouldBeTrue();
    }

    [Fact]
    public void AMappedWriterIsNoticed()
    {
        File.WriteAllText(_folder.At("f"), "some content");
        using (MemoryMappedFile.CreateFromFile(_folder.At("f"), FileMode.Open).CreateViewAccessor()) _disk.MayHaveWriters(P("f")).ShouldBeTrue();
    }

    [Fact]
    public void ADirectoryThatMayNotBeWrittenToIsTold()
    {
        Assert.SkipWhen(Environment.UserName == "root", "who may write everywhere");
        _disk.CreateDirectory(P("d"), 0x16D);
        _disk.WhyClosed(P("d")).ShouldBe(DiskFault.AccessDenied);
        _disk.SetAttributes(P("d"), null, 0x1ED);
        _disk.WhyClosed(P("d")).ShouldBe(DiskFault.None);
    }

    [Fact]
    public void OpeningForWritingWhileLookingForWritersHarmsNobody()
    {
        File.WriteAllText(_folder.At("f"), "x");
        int stop = 0;
        var writer = new Thread(() =>
        {
            while (Volatile.Read(ref stop) == 0) File.Open(_folder.At("f"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        });
        writer.Start();
        for (int i = 0; i < 2000; i++) _ = _disk.MayHaveWriters(P("f"));
        Volatile.Write(ref stop, 1);
        writer.Join();
        _disk.MayHaveWriters(P("f")).ShouldBeFalse();
    }

    [Fact]
    public void NothingOutsideIsReachedThroughALink()
    {
        using var outside = new TempFolder();
        File.WriteAllText(outside.At("secret"), "untouched");
        foreach (var features in new[] { LinuxFeatures.All, LinuxFeatures.None })
        {
            using var disk = Open(features);
            File.CreateSymbolicLink(_folder.At("link"), outside.Root);
            Directory.CreateDirectory(_folder.At("d"));
            File.CreateSymbolicLink(_folder.At("d/link"), outside.Root);
            foreach (var at in new[] { "link", "d/link" })
            {
                Should.Throw<DiskException>(() => disk.CreateFile(P(at + "/new"), 0x180));
                Should.Throw<DiskException>(() => disk.Remove(P(at + "/secret")));
                Should.Throw<DiskException>(() => disk.SetAttributes(P(at + "/secret"), 0, 0));
                Should.Throw<DiskException>(() => disk.OpenRead(P(at + "/secret")));
                Should.Throw<DiskException>(() => disk.List(P(at)));
                disk.SetAttributes(P(at), 5, 0x180);
            }
            Directory.GetFileSystemEntries(outside.Root).ShouldBe([outside.At("secret")]);
            File.ReadAllText(outside.At("secret")).ShouldBe("untouched");
            File.Delete(_folder.At("link"));
            Directory.Delete(_folder.At("d"), recursive: true);
        }
    }

    [Fact]
    public void ManyDescriptorsDoNotLeak()
    {
        Directory.CreateDirectory(_folder.At("a/b/c"));
        File.WriteAllText(_folder.At("a/b/c/f"), "x");
        using var fallback = Open(LinuxFeatures.None);
        int before = DescriptorsInFolder();
        for (int i = 0; i < 300; i++)
        {
            foreach (var disk in new[] { _disk, fallback })
            {
                disk.Stat(P("a/b/c/f")).ShouldNotBeNull();
                disk.Stat(P("a/b/missing/f")).ShouldBeNull();
                Should.Throw<DiskException>(() => disk.OpenRead(P("a/b/c")));
                disk.OpenRead(P("a/b/c/f")).Dispose();
                disk.List(P("a/b")).Count.ShouldBe(1);
                disk.MayHaveWriters(P("a/b/c/f")).ShouldBeFalse();
            }
        }
        DescriptorsInFolder().ShouldBe(before);
    }

    /// <summary>Other tests open descriptors elsewhere meanwhile.</summary>
    private int DescriptorsInFolder() =>
        Directory.GetFileSystemEntries("/proc/self/fd").Count(entry => new FileInfo(entry).LinkTarget is { } target && (target == _folder.Root || target.StartsWith(_folder.Root + "/", StringComparison.Ordinal)));

    [Fact]
    public void ALongListingIsComplete()
    {
        for (int i = 0; i < 3000; i++) File.WriteAllBytes(_folder.At($"a name that is long enough to need more than one buffer {i}"), []);
        _disk.List(RelativePath.Root).Count.ShouldBe(3000);
    }

    [Fact]
    public void AMissingFolderIsSaid() =>
        Should.Throw<DiskException>(() => LocalDisk.Open(_folder.At("missing"))).Fault.ShouldBe(DiskFault.NotFound);

    public void Dispose()
    {
        _disk?.Dispose();
        _folder.Dispose();
    }

    private static RelativePath P(string path) => RelativePath.Parse(path);

    private IDisk Open(LinuxFeatures features) => OperatingSystem.IsLinux() ? LinuxDisk.Open(_folder.Root, features) : throw new PlatformNotSupportedException();
}
