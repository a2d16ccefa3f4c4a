using System.IO.MemoryMappedFiles;
using System.Text;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Capturing;

public sealed class StableReaderTests : IDisposable
{
    private const long LongAgo = 1_000_000_000_000;

    private static readonly RelativePath Path = RelativePath.Parse("f");

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    public StableReaderTests()
    {
        _disk = LocalDisk.Open(_folder.Root);
        File.WriteAllText(File_, "some content");
        _disk.SetAttributes(Path, LongAgo, null);
    }

    private string File_ => _folder.At("f");

    [Fact]
    public void AQuietFileIsConfirmedUnderItsSignature()
    {
        using var reader = StableReader.Open(_disk, Path);
        ReadAll(reader).ShouldBe("some content");
        reader.Confirm().ShouldBe(_disk.Stat(Path));
    }

    [Fact]
    public void AnUnfinishedReadIsNotConfirmed()
    {
        using var reader = StableReader.Open(_disk, Path);
        _ = reader.Read(new byte[3]);
        reader.Confirm().ShouldBeNull();
    }

    [Fact]
    public void AWriteWhileReadingIsNoticed()
    {
        using var reader = StableReader.Open(_disk, Path);
        ReadAll(reader);
        File.WriteAllText(File_, "same length.");
        reader.Confirm().ShouldBeNull();
    }

    [Fact]
    public void AReplacementWhileReadingIsNoticed()
    {
        using var reader = StableReader.Open(_disk, Path);
        ReadAll(reader);
        File.WriteAllText(_folder.At("new"), "some content");
        File.Move(_folder.At("new"), File_, overwrite: true);
        reader.Confirm().ShouldBeNull();
    }

    [Fact]
    public void ARemovalWhileReadingIsNoticed()
    {
        using var reader = StableReader.Open(_disk, Path);
        ReadAll(reader);
        File.Delete(File_);
        reader.Confirm().ShouldBeNull();
    }

    [Fact]
    public void AStoreThroughAMappingThatWasDirtyBeforeIsNoticed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var map = MemoryMappedFile.CreateFromFile(File_, FileMode.Open);
        using var view = map.CreateViewAccessor();
        view.Write(0, (byte)'1');
        _disk.SetAttributes(Path, LongAgo, null);
        using var reader = StableReader.Open(_disk, Path);
        ReadAll(reader).ShouldBe("1ome content");
        view.Write(0, (byte)'2');
        reader.Confirm().ShouldBeNull();
    }

    [Theory]
    // Seen at 10 s; fine times have a part below the second.
    [InlineData(9_000_000_001, 9_000_000_001, false, false)]
    [InlineData(9_999_000_001, 9_999_000_001, true, true)]
    [InlineData(9_980_000_000, 9_980_000_000, false, false)]
    [InlineData(9_980_000_001, 9_980_000_001, true, true)]
    // An old mtime that was set back lately.
    [InlineData(5_000_000_001, 9_999_000_001, true, false)]
    // Coarse times.
    [InlineData(9_000_000_000, 9_000_000_000, true, true)]
    [InlineData(8_000_000_000, 8_000_000_000, false, false)]
    // Clocks that go ahead.
    [InlineData(11_000_000_001, 11_000_000_001, true, true)]
    [InlineData(99_000_000_001, 9_000_000_001, false, false)]
    public void FreshFilesAreRacy(long mtimeNs, long ctimeNs, bool racy, bool racyBySetMtime)
    {
        var stat = new DiskStat(DiskKind.File, 1, mtimeNs, ctimeNs, 1, 1, 0x1A4, 1);
        Racy.IsRacy(stat, 10_000_000_000).ShouldBe(racy);
        Racy.IsRacyBySetMtime(stat, 10_000_000_000).ShouldBe(racyBySetMtime);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    private static string ReadAll(StableReader reader)
    {
        var all = new List<byte>();
        var buffer = new byte[5];
        while (reader.Read(buffer) is var read && read > 0) all.AddRange(buffer[..read]);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
