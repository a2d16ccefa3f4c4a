using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

public sealed class BecomingTheSameTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task EverythingThatAUserCanHaveIsTheSameOnTheOtherSide()
    {
        SampleTree.Make(_computer.At("alice"));

        await _computer.SyncAsync("alice", "bob");

        Directories.ShouldBeTheSame(_computer.At("alice"), _computer.At("bob"));
        TreeListing.Of(_computer.At("bob")).Items.Count.ShouldBe(SampleTree.Count);
    }

    [Fact]
    public async Task EachSideGetsWhatTheOtherHas()
    {
        _computer.Write("alice/from-alice.txt", "a");
        _computer.Write("bob/from-bob.txt", "b");
        _computer.Write("carol/deep/from-carol.txt", "c");

        await _computer.SyncAsync("alice", "bob", "carol");

        _computer.Names("alice").ShouldBe(["deep", "from-alice.txt", "from-bob.txt"]);
    }

    [Fact]
    public async Task AgainThereIsNothingToDoAndItSaysSo()
    {
        SampleTree.Make(_computer.At("alice"));
        await _computer.SyncAsync("alice", "bob");
        var grid = TreeListing.Of(_computer.Grid).Items;
        var alice = TreeListing.Of(_computer.At("alice")).Items;

        var again = await _computer.SyncAsync("alice", "bob");

        again.Output.ShouldContain("Nothing to do: everything is in sync");
        again.Errors.ShouldBeEmpty();
        Directories.Differences(grid, TreeListing.Of(_computer.Grid).Items).ShouldBeEmpty();
        Directories.Differences(alice, TreeListing.Of(_computer.At("alice")).Items).ShouldBeEmpty();
    }

    [Fact]
    public async Task EditsDeletionsAndNewFilesGoBothWays()
    {
        foreach (int i in Enumerable.Range(0, 10)) _computer.Write($"alice/files/{i}", $"content {i}");
        await _computer.SyncAsync("alice", "bob");

        _computer.Write("alice/files/0", "edited by alice");
        _computer.Write("bob/files/1", "edited by bob");
        _computer.Delete("alice/files/2");
        _computer.Delete("bob/files/3");
        _computer.Write("alice/new/of-alice", "new");
        _computer.Write("bob/new/of-bob", "new, too");
        File.SetUnixFileMode(_computer.At("bob/files/4"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await _computer.SyncAsync("alice", "bob");

        _computer.Read("bob/files/0").ShouldBe("edited by alice");
        _computer.Read("alice/files/1").ShouldBe("edited by bob");
        _computer.Names("alice/files").ShouldBe(["0", "1", "4", "5", "6", "7", "8", "9"]);
        File.GetUnixFileMode(_computer.At("alice/files/4")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        _computer.Names("bob/new").ShouldBe(["of-alice", "of-bob"]);
    }

    [Fact]
    public async Task ARenamedDirectoryIsRenamedOnTheOtherSide()
    {
        foreach (int i in Enumerable.Range(0, 20)) _computer.Write($"alice/old/inside/{i}", $"content {i}");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.At("alice/old"), _computer.At("alice/new"));
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("bob").ShouldBe(["new"]);
        _computer.Names("bob/new/inside").Length.ShouldBe(20);
    }

    [Fact]
    public async Task AFileMayBecomeADirectoryAndADirectoryAFile()
    {
        _computer.Write("alice/one", "file");
        _computer.Write("alice/two/inside", "in a directory");
        _computer.Write("alice/three", "stays");
        await _computer.SyncAsync("alice", "bob");

        _computer.Delete("alice/one");
        _computer.Write("alice/one/inside", "now a directory");
        _computer.Delete("alice/two");
        _computer.Write("alice/two", "now a file");
        await _computer.SyncAsync("alice", "bob");

        _computer.Read("bob/one/inside").ShouldBe("now a directory");
        _computer.Read("bob/two").ShouldBe("now a file");
    }

    [Fact]
    public async Task AThirdDirectoryMayComeLater()
    {
        SampleTree.Make(_computer.At("alice"));
        await _computer.SyncAsync("alice", "bob");

        _computer.Write("carol/own.txt", "carol's own");
        await _computer.SyncAsync("alice", "bob", "carol");

        TreeListing.Of(_computer.At("carol")).Items.Count.ShouldBe(SampleTree.Count + 1);
    }

    [Fact]
    public async Task DirectoriesThatHoldTheSameJoinWithoutATrace()
    {
        SampleTree.Make(_computer.At("alice"));
        SampleTree.Make(_computer.At("bob"));

        var result = await _computer.SyncAsync("alice", "bob");

        result.Output.ShouldNotContain("conflict");
        TreeListing.Of(_computer.At("bob")).Items.Count.ShouldBe(SampleTree.Count);
    }

    [Fact]
    public async Task ADirectoryThatJoinsWithOtherContentsKeepsThemBesideTheOthers()
    {
        _computer.Write("alice/same.txt", "the same");
        _computer.Write("alice/report.txt", "alice's report");
        await _computer.SyncAsync("alice", "bob");

        _computer.Write("carol/same.txt", "the same");
        _computer.Write("carol/report.txt", "carol's report");
        await _computer.SyncWithConflictsAsync("alice", "bob", "carol");

        _computer.Read("alice/report.txt").ShouldBe("alice's report");
        _computer.Read("alice/report.conflict-carol.txt").ShouldBe("carol's report");
        _computer.Read("carol/report.txt").ShouldBe("carol's report");
        _computer.Names("carol").Length.ShouldBe(3);
        _computer.Names("carol").Select(name => _computer.Read("carol/" + name)).ShouldBe(["alice's report", "carol's report", "the same"], ignoreOrder: true);
    }

    [Fact]
    public async Task AMovedDirectoryGoesOnWhereItIsNow()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.At("bob"), _computer.At("robert"));
        _computer.Write("robert/new", "made after the move");
        var result = await _computer.SyncAsync("alice", "robert");

        _computer.Read("alice/new").ShouldBe("made after the move");
        result.Output.ShouldNotContain("conflict");
    }

    [Fact]
    public async Task ParticipantsMayBeNamed()
    {
        _computer.Write("left/file", "of the left");
        _computer.Write("right/file", "of the right");

        await _computer.SyncWithConflictsAsync("desktop=left", "laptop=right");

        _computer.Names("left").ShouldBe(["file", "file.conflict-laptop"]);
        _computer.Names("right").ShouldBe(["file", "file.conflict-desktop"]);
    }

    public void Dispose() => _computer.Dispose();
}
