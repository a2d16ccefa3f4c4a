using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Scanning;

public sealed class FolderScannerTests : IDisposable
{
    private static readonly string[] NastyNames =
        ["a", "b", "a b", "a!", "a.b", "A", "-rf", " lead", "trail ", "back\\slash", "new\nline", "é", "e\u0301", "\U0001F600", "con", "...", "~", "a\u0001", ".git", "\u007f"];

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    public FolderScannerTests() => _disk = LocalDisk.Open(_folder.Root);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheOrderIsTheOrderOfPaths(int seed)
    {
        var expected = new SortedSet<RelativePath>();
        var random = new Random(seed);
        var directories = new List<RelativePath> { RelativePath.Root };
        for (int i = 0; i < 400; i++)
        {
            var path = directories[random.Next(directories.Count)].Child(NastyNames[random.Next(NastyNames.Length)] + (random.Next(3) == 0 ? NastyNames[random.Next(NastyNames.Length)] : ""));
            if (!expected.Add(path)) continue;
            switch (random.Next(3))
            {
                case 0:
                    _disk.CreateDirectory(path, 0x1C0);
                    directories.Add(path);
                    break;
                case 1:
                    _disk.CreateSymlink(path, "some/target"u8);
                    break;
                default:
                    _disk.CreateFile(path, 0x180).Dispose();
                    break;
            }
        }
        var scanned = Scan();
        scanned.ShouldAllBe(item => item is ScanItem.Seen);
        scanned.Select(i => i.Path).ShouldBe(expected);
        foreach (var directory in directories.Where(d => !d.IsRoot).Take(20))
            Scan(directory).Select(i => i.Path).ShouldBe(expected.Where(p => p == directory || p.IsUnder(directory)));
    }

    [Fact]
    public void TheReservedDirectoryIsLeftOutOnlyInTheRoot()
    {
        foreach (var name in new[] { ".magic-folder", ".Magic-Folder", "d/.magic-folder" }) Directory.CreateDirectory(_folder.At(name));
        File.WriteAllText(_folder.At(".magic-folder/x"), "");
        Scan().Select(i => i.Path.ToString()).ShouldBe(["d", "d/.magic-folder"]);
        Scan(P(".magic-folder")).ShouldBeEmpty();
        new FolderScanner(_disk, IgnoreRules.None).Look(P(".magic-folder/x")).ShouldBeNull();
    }

    [Fact]
    public void AnUnreadableDirectoryIsUnknownAsAWhole()
    {
        Directory.CreateDirectory(_folder.At("b/inner"));
        File.WriteAllText(_folder.At("a"), "");
        File.WriteAllText(_folder.At("c"), "");
        var disk = new InterferingDisk(_disk) { Faults = { [("List", P("b"))] = DiskFault.AccessDenied } };
        var items = new FolderScanner(disk, IgnoreRules.None).Scan(RelativePath.Root).ToList();
        items.Select(i => $"{i.GetType().Name} {i.Path}").ShouldBe(["Seen a", "Unknown b", "Seen c"]);
        items[1].ShouldBeOfType<ScanItem.Unknown>().Problem.Reason.ShouldBe("permission denied");
    }

    [Fact]
    public void AnUnreadableRootIsUnknown()
    {
        var disk = new InterferingDisk(_disk) { Faults = { [("List", RelativePath.Root)] = DiskFault.Io } };
        new FolderScanner(disk, IgnoreRules.None).Scan(RelativePath.Root).Single().ShouldBeOfType<ScanItem.Unknown>().Path.IsRoot.ShouldBeTrue();
    }

    [Fact]
    public void ADirectoryThatIsReplacedWhileItIsListedIsUnknown()
    {
        Directory.CreateDirectory(_folder.At("d"));
        File.WriteAllText(_folder.At("d/f"), "");
        var disk = new InterferingDisk(_disk).Before(2, () =>
        {
            Directory.Move(_folder.At("d"), _folder.At("away"));
            Directory.CreateDirectory(_folder.At("d"));
        });
        new FolderScanner(disk, IgnoreRules.None).Scan(RelativePath.Root).Single().ShouldBeOfType<ScanItem.Unknown>().Path.ShouldBe(P("d"));
    }

    [Fact]
    public void NamesThatAreNotUtf8AreReportedAndHideNothingElse()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Directory.CreateDirectory(_folder.At("d"));
        File.WriteAllText(_folder.At("d/z"), "");
        Native.MakeDirectory(_folder.At("d"), [0xff, (byte)'x']);
        var items = Scan();
        // .NET cannot remove it.
        Native.RemoveDirectory(_folder.At("d"), [0xff, (byte)'x']);
        items.Select(i => $"{i.GetType().Name} {i.Path}").ShouldBe(["Seen d", "Unnameable d", "Seen d/z"]);
    }

    [Fact]
    public void SpecialFilesAreReported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Native.MakeFifo(_folder.At("fifo"));
        Scan().Single().ShouldBeOfType<ScanItem.Unknown>().Problem.Reason.ShouldContain("pipe");
        new FolderScanner(_disk, IgnoreRules.None).Look(P("fifo")).ShouldBeOfType<ScanItem.Unknown>();
    }

    [Fact]
    public void ATargetThatIsNotUtf8IsReported()
    {
        _disk.CreateSymlink(P("l"), [0xff]);
        Scan().Single().ShouldBeOfType<ScanItem.Unknown>().Problem.Reason.ShouldContain("UTF-8");
    }

    [Fact]
    public void TooDeepIsAProblemAndNotACrash()
    {
        var path = RelativePath.Root;
        for (int i = 0; i < RelativePath.MaxDepth; i++)
        {
            path = path.Child("d");
            _disk.CreateDirectory(path, 0x1C0);
        }
        Native.MakeDirectory(_folder.At(path.ToString()), "deeper"u8);
        var items = Scan();
        items.Count.ShouldBe(RelativePath.MaxDepth + 1);
        items[^1].ShouldBeOfType<ScanItem.Unnameable>().Path.ShouldBe(path);
    }

    [Fact]
    public void LinksAreSeenWithTheirTargetAndNotFollowed()
    {
        Directory.CreateDirectory(_folder.At("d"));
        File.WriteAllText(_folder.At("d/f"), "");
        File.CreateSymbolicLink(_folder.At("l"), "d");
        var items = Scan();
        items.Select(i => i.Path.ToString()).ShouldBe(["d", "d/f", "l"]);
        items[2].ShouldBeOfType<ScanItem.Seen>().LinkTarget.ShouldBe("d");
        new FolderScanner(_disk, IgnoreRules.None).Look(P("l/f")).ShouldBeNull();
        new FolderScanner(_disk, IgnoreRules.None).Look(P("missing/f")).ShouldBeNull();
        new FolderScanner(_disk, IgnoreRules.None).Look(P("d")).ShouldBeOfType<ScanItem.Seen>().Stat.Kind.ShouldBe(DiskKind.Directory);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    private static RelativePath P(string path) => RelativePath.Parse(path);

    private List<ScanItem> Scan(RelativePath under = default) => [.. new FolderScanner(_disk, IgnoreRules.None).Scan(under)];
}
