using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Disks;

/// <summary>What every disk has to do. Times are in whole steps of 100 ns, which the coarsest disk holds.</summary>
public abstract class DiskContract : IDisposable
{
    private const long SomeTime = 1_234_567_890_123_456_700;

    protected abstract IDisk Disk { get; }

    [Fact]
    public void NothingThereIsNull()
    {
        Disk.Stat(P("missing")).ShouldBeNull();
        Disk.Stat(P("missing/deeper")).ShouldBeNull();
        Put("file", "x");
        Disk.Stat(P("file/below a file")).ShouldBeNull();
    }

    [Fact]
    public void TheRootIsADirectory() => Disk.Stat(RelativePath.Root)!.Value.Kind.ShouldBe(DiskKind.Directory);

    [Fact]
    public void AFileKeepsWhatIsWrittenAtAnyOffset()
    {
        using (var file = Disk.CreateFile(P("f"), 0x180))
        {
            file.Write(3, "def"u8);
            file.Write(0, "abc"u8);
            file.Stat().Size.ShouldBe(6);
            file.Flush();
        }
        Read("f").ShouldBe("abcdef");
        Disk.Stat(P("f"))!.Value.Size.ShouldBe(6);
    }

    [Fact]
    public void ReadingAtTheEndGivesNothing()
    {
        Put("f", "abc");
        using var file = Disk.OpenRead(P("f"));
        file.Read(3, new byte[10]).ShouldBe(0);
        file.Read(1, new byte[10]).ShouldBe(2);
    }

    [Fact]
    public void CreatingNeverReplaces()
    {
        Put("f", "mine");
        Disk.CreateDirectory(P("d"), 0x1ED);
        Disk.CreateSymlink(P("l"), "nowhere"u8);
        foreach (var name in new[] { "f", "d", "l" })
        {
            Fault(() => Disk.CreateFile(P(name), 0x180)).ShouldBe(DiskFault.Exists);
            Fault(() => Disk.CreateDirectory(P(name), 0x180)).ShouldBe(DiskFault.Exists);
            Fault(() => Disk.CreateSymlink(P(name), "x"u8)).ShouldBe(DiskFault.Exists);
        }
        Read("f").ShouldBe("mine");
    }

    [Fact]
    public void CreatingNeedsTheParent() => Fault(() => Disk.CreateFile(P("no/f"), 0x180)).ShouldBe(DiskFault.NotFound);

    [Fact]
    public void ListingIsSortedByBytes()
    {
        string[] names = ["b", "a", "a!", "a b", "Z", "é", "-x", ".hidden", "\U0001F600"];
        foreach (var name in names) Put(name, name);
        Disk.CreateDirectory(P("dir"), 0x1ED);
        var listed = Disk.List(RelativePath.Root);
        listed.Select(n => Encoding.UTF8.GetString(n.Name)).ShouldBe([.. names.Append("dir").OrderBy(n => P(n))]);
        listed.ShouldAllBe(n => n.Fault == DiskFault.None);
        listed.Single(n => n.Name.AsSpan().SequenceEqual("dir"u8)).Stat.Kind.ShouldBe(DiskKind.Directory);
    }

    [Fact]
    public void OnlyDirectoriesAreListed()
    {
        Put("f", "x");
        Fault(() => Disk.List(P("f"))).ShouldBe(DiskFault.WrongKind);
        Fault(() => Disk.List(P("missing"))).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void OnlyFilesAreOpened()
    {
        Disk.CreateDirectory(P("d"), 0x1ED);
        Put("f", "x");
        Disk.CreateSymlink(P("l"), "f"u8);
        Fault(() => Disk.OpenRead(P("d"))).ShouldBe(DiskFault.WrongKind);
        Fault(() => Disk.OpenRead(P("l"))).ShouldBe(DiskFault.WrongKind);
        Fault(() => Disk.OpenRead(P("missing"))).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void ALinkIsReadAndNotFollowed()
    {
        Disk.CreateSymlink(P("l"), "../some/where é"u8);
        Encoding.UTF8.GetString(Disk.ReadLink(P("l"))).ShouldBe("../some/where é");
        Disk.Stat(P("l"))!.Value.Kind.ShouldBe(DiskKind.Symlink);
        Put("f", "x");
        Fault(() => Disk.ReadLink(P("f"))).ShouldBe(DiskFault.WrongKind);
    }

    [Fact]
    public void ASymlinkOnTheWayIsRefusedByEveryCall()
    {
        Disk.CreateDirectory(P("real"), 0x1ED);
        Put("real/f", "untouched");
        Disk.CreateSymlink(P("link"), "real"u8);
        Put("other", "x");
        Action[] calls =
        [
            () => Disk.Stat(P("link/f")),
            () => Disk.OpenRead(P("link/f")),
            () => Disk.ReadLink(P("link/f")),
            () => Disk.CreateFile(P("link/new"), 0x180),
            () => Disk.CreateDirectory(P("link/new"), 0x180),
            () => Disk.CreateSymlink(P("link/new"), "x"u8),
            () => Disk.Move(P("link/f"), P("moved"), MoveKind.NoReplace),
            () => Disk.Move(P("other"), P("link/new"), MoveKind.NoReplace),
            () => Disk.Move(P("other"), P("link/f"), MoveKind.Exchange),
            () => Disk.Remove(P("link/f")),
            () => Disk.RemoveDirectory(P("link/f")),
            () => Disk.SetAttributes(P("link/f"), 0, 0),
            () => Disk.Flush([P("link/f")]),
        ];
        for (int i = 0; i < calls.Length; i++) Fault(calls[i]).ShouldBe(DiskFault.SymlinkOnTheWay, $"call {i}");
        Fault(() => Disk.List(P("link"))).ShouldBe(DiskFault.WrongKind);
        Disk.List(P("real")).Count.ShouldBe(1);
        Read("real/f").ShouldBe("untouched");
    }

    [Fact]
    public void NoReplaceMovesOnlyWhereNothingIs()
    {
        Put("a", "A");
        Put("b", "B");
        Fault(() => Disk.Move(P("a"), P("b"), MoveKind.NoReplace)).ShouldBe(DiskFault.Exists);
        Read("a").ShouldBe("A");
        Read("b").ShouldBe("B");
        Disk.Move(P("a"), P("c"), MoveKind.NoReplace);
        Disk.Stat(P("a")).ShouldBeNull();
        Read("c").ShouldBe("A");
        Fault(() => Disk.Move(P("a"), P("d"), MoveKind.NoReplace)).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void PuttingMovesOnlyWhereNothingIsAndSaysWhatStandsThere()
    {
        Put("a", "A");
        Put("b", "B");
        Fault(() => Disk.Put(P("a"), P("b"))).ShouldBe(DiskFault.Exists);
        Read("a").ShouldBe("A");
        Read("b").ShouldBe("B");
        Fault(() => Disk.Put(P("a"), P("missing/c"))).ShouldBe(DiskFault.NotFound);
        Disk.Put(P("a"), P("c")).ShouldBe(Disk.Stat(P("c")));
        Disk.Stat(P("a")).ShouldBeNull();
        Read("c").ShouldBe("A");
        Fault(() => Disk.Put(P("a"), P("d"))).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void NoReplaceMovesDirectoriesAndLinks()
    {
        Disk.CreateDirectory(P("d"), 0x1ED);
        Put("d/f", "x");
        Disk.CreateDirectory(P("taken"), 0x1ED);
        Disk.CreateSymlink(P("l"), "target"u8);
        Fault(() => Disk.Move(P("d"), P("taken"), MoveKind.NoReplace)).ShouldBe(DiskFault.Exists);
        Disk.Move(P("d"), P("e"), MoveKind.NoReplace);
        Disk.Move(P("l"), P("m"), MoveKind.NoReplace);
        Read("e/f").ShouldBe("x");
        Disk.ReadLink(P("m")).ShouldBe("target"u8.ToArray());
        Disk.List(RelativePath.Root).Count.ShouldBe(3);
    }

    [Fact]
    public void ExchangeSwapsAnyTwoThings()
    {
        Put("a", "A");
        Put("b", "B");
        Disk.CreateDirectory(P("d"), 0x1ED);
        Put("d/f", "x");
        Disk.CreateSymlink(P("l"), "target"u8);
        Disk.Move(P("a"), P("b"), MoveKind.Exchange);
        Read("a").ShouldBe("B");
        Read("b").ShouldBe("A");
        Disk.Move(P("a"), P("d"), MoveKind.Exchange);
        Read("a/f").ShouldBe("x");
        Read("d").ShouldBe("B");
        Disk.Move(P("l"), P("b"), MoveKind.Exchange);
        Read("l").ShouldBe("A");
        Disk.ReadLink(P("b")).ShouldBe("target"u8.ToArray());
        Disk.List(RelativePath.Root).Count.ShouldBe(4);
    }

    [Fact]
    public void ExchangeNeedsBoth()
    {
        Put("a", "A");
        Fault(() => Disk.Move(P("a"), P("missing"), MoveKind.Exchange)).ShouldBe(DiskFault.NotFound);
        Fault(() => Disk.Move(P("missing"), P("a"), MoveKind.Exchange)).ShouldBe(DiskFault.NotFound);
        Read("a").ShouldBe("A");
    }

    [Fact]
    public void RemovingTakesFilesLinksAndEmptyDirectories()
    {
        Put("f", "x");
        Disk.CreateSymlink(P("l"), "f"u8);
        Disk.CreateDirectory(P("d"), 0x1ED);
        Put("d/inside", "x");
        Disk.Remove(P("l"));
        Read("f").ShouldBe("x");
        Fault(() => Disk.Remove(P("d"))).ShouldBe(DiskFault.NotEmpty);
        Disk.Remove(P("d/inside"));
        Disk.Remove(P("d"));
        Disk.Remove(P("f"));
        Disk.List(RelativePath.Root).ShouldBeEmpty();
        Fault(() => Disk.Remove(P("f"))).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void RemovingADirectoryTakesNothingElse()
    {
        Put("f", "x");
        Fault(() => Disk.RemoveDirectory(P("f"))).ShouldBe(DiskFault.WrongKind);
        Read("f").ShouldBe("x");
        Fault(() => Disk.RemoveDirectory(P("missing"))).ShouldBe(DiskFault.NotFound);
    }

    [Fact]
    public void ADirectorysAttributesAreSetOnNothingElse()
    {
        Put("f", "x");
        var before = Disk.Stat(P("f"));
        Disk.CreateDirectory(P("d"), 0x1C0);
        Disk.CreateSymlink(P("link"), "d"u8);
        foreach (var name in new[] { "f", "link" })
            Fault(() => Disk.SetDirectoryAttributes(P(name), SomeTime, 0x1ED)).ShouldBe(DiskFault.WrongKind);
        Disk.Stat(P("f")).ShouldBe(before);
        Disk.SetDirectoryAttributes(P("d"), SomeTime, 0x1ED);
        Disk.Stat(P("d"))!.Value.MtimeNs.ShouldBe(SomeTime);
        Disk.Stat(P("d"))!.Value.Mode.ShouldBe(0x1ED);
    }

    [Fact]
    public void TimesAndBitsAreKept()
    {
        Put("f", "x");
        Disk.CreateDirectory(P("d"), 0x1ED);
        foreach (var name in new[] { "f", "d" })
        {
            Disk.SetAttributes(P(name), SomeTime, 0x1E8);
            var stat = Disk.Stat(P(name))!.Value;
            stat.MtimeNs.ShouldBe(SomeTime);
            stat.Mode.ShouldBe(0x1E8);
            Disk.SetAttributes(P(name), null, null);
            Disk.Stat(P(name))!.Value.MtimeNs.ShouldBe(SomeTime);
        }
        Disk.SetAttributes(P("f"), -1_500_000_000, null);
        Disk.Stat(P("f"))!.Value.MtimeNs.ShouldBe(-1_500_000_000);
        Disk.Stat(P("f"))!.Value.Mode.ShouldBe(0x1E8);
    }

    [Fact]
    public void ModesAreExactWhateverTheUmask()
    {
        Disk.CreateFile(P("f"), 0x1FF).Dispose();
        Disk.CreateDirectory(P("d"), 0x1FF);
        Disk.Stat(P("f"))!.Value.Mode.ShouldBe(0x1FF);
        Disk.Stat(P("d"))!.Value.Mode.ShouldBe(0x1FF);
    }

    [Fact]
    public void AttributesOfALinkAreItsOwn()
    {
        Put("f", "x");
        Disk.SetAttributes(P("f"), SomeTime, 0x180);
        Disk.CreateSymlink(P("l"), "f"u8);
        Disk.SetAttributes(P("l"), SomeTime + 1_000_000_000, 0x1FF);
        Disk.Stat(P("f"))!.Value.MtimeNs.ShouldBe(SomeTime);
        Disk.Stat(P("f"))!.Value.Mode.ShouldBe(0x180);
    }

    [Fact]
    public void FlushingFewOrManyChangesNothing()
    {
        var paths = new List<RelativePath>();
        Disk.CreateDirectory(P("d"), 0x1ED);
        paths.Add(P("d"));
        for (int i = 0; i < 20; i++)
        {
            Put($"d/{i}", "x");
            paths.Add(P($"d/{i}"));
            if (i is 2 or 19) Disk.Flush(paths);
        }
        Disk.FlushAll();
        Disk.List(P("d")).Count.ShouldBe(20);
    }

    [Fact]
    public void OnlyWhatTakesNothingIsSaidToBeClosed()
    {
        Disk.CreateDirectory(P("d"), 0x1ED);
        Disk.WhyClosed(P("d")).ShouldBe(DiskFault.None);
        Disk.WhyClosed(P("missing")).ShouldBe(DiskFault.None);
        Disk.SetAttributes(P("d"), null, 0x16D);
        var said = Disk.WhyClosed(P("d"));
        var comes = Fault(() => Disk.CreateFile(P("d/f"), 0x180).Dispose());
        Disk.SetAttributes(P("d"), null, 0x1ED);
        if (said != DiskFault.None) comes.ShouldBe(said);
    }

    [Fact]
    public void ExceptionsNamePathAndFault()
    {
        var trouble = Should.Throw<DiskException>(() => Disk.OpenRead(P("some/where")));
        trouble.Path.ShouldBe(P("some/where"));
        trouble.Message.ShouldContain("some/where");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected static RelativePath P(string path) => RelativePath.Parse(path);

    protected static DiskFault Fault(Action action)
    {
        try
        {
            action();
            return DiskFault.None;
        }
        catch (DiskException e)
        {
            return e.Fault;
        }
    }

    protected abstract void Dispose(bool disposing);

    protected void Put(string path, string content)
    {
        using var file = Disk.CreateFile(P(path), 0x1A4);
        file.Write(0, Encoding.UTF8.GetBytes(content));
    }

    protected string Read(string path)
    {
        using var file = Disk.OpenRead(P(path));
        var buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, file.Read(0, buffer));
    }
}
