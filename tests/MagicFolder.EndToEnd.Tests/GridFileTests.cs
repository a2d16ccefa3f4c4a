using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>A grid of five directories of which any two are enough.</summary>
public sealed class GridFileTests : IDisposable
{
    private readonly Computer _computer = new();

    public GridFileTests() => _computer.Write("grid.txt", "k = 2\nn = 5\n\ndisk1\ndisk2\ndisk3\ndisk4\ndisk5\n");

    [Fact]
    public async Task DirectoriesBecomeTheSameThroughFiveOthersAndGoOnWithThree()
    {
        _computer.Write("alice/file", SampleTree.Bytes(700_000));
        (await SyncAsync()).ShouldExit(0).ShouldBeCalm();
        _computer.Exists("disk5/shares").ShouldBeTrue();
        _computer.Exists("data/magic-folder/grid").ShouldBeFalse();
        _computer.Read("bob/file").ShouldBe(_computer.Read("alice/file"));

        Lose("disk2");
        Lose("disk5");
        _computer.Write("alice/more", SampleTree.Bytes(300_000));
        _computer.Write("bob/file", "edited");
        var result = await _computer.RunAsync("sync", "alice", "bob");
        result.ShouldExit(0);
        result.ErrorLines.Count(line => line.StartsWith("grid: ", StringComparison.Ordinal)).ShouldBe(2, result.ToString());
        result.ErrorLines.ShouldContain(line => line.Contains(_computer.At("disk2"), StringComparison.Ordinal), result.ToString());
        Directories.ShouldBeTheSame(_computer.At("alice"), [_computer.At("bob")]);
        _computer.Exists("disk2").ShouldBeFalse();

        BringBack("disk2");
        BringBack("disk5");
        // What was written meanwhile is on three directories, so one of them may go.
        Lose("disk1");
        _computer.Write("alice/last", "last");
        (await _computer.RunAsync("sync", "alice", "bob", "carol")).ShouldExit(0);
        Directories.ShouldBeTheSame(_computer.At("alice"), [_computer.At("bob"), _computer.At("carol")]);
    }

    [Fact]
    public async Task WithTooFewDirectoriesThereIsOneClearErrorAndItHeals()
    {
        _computer.Write("alice/file", "content");
        (await SyncAsync()).ShouldExit(0);
        foreach (string disk in (string[])["disk1", "disk2", "disk3"]) Lose(disk);
        _computer.Write("alice/new", "new");
        var result = await SyncAsync();
        result.ExitCode.ShouldBe(1, result.ToString());
        result.ErrorLines.Count(line => !line.StartsWith("grid: ", StringComparison.Ordinal)).ShouldBe(1, result.ToString());
        result.ErrorLines[^1].ShouldContain("2 of 5 servers");
        foreach (string disk in (string[])["disk1", "disk2", "disk3"]) BringBack(disk);
        (await SyncAsync()).ShouldExit(0).ShouldBeCalm();
        Directories.ShouldBeTheSame(_computer.At("alice"), [_computer.At("bob")]);
    }

    [Fact]
    public async Task ADirectoryThatBecameALinkToAnotherIsToldByTheDaemon()
    {
        (await _computer.RunAsync("init", "--grid", "grid.txt")).ShouldExit(0);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        Directory.Delete(_computer.At("disk2"), recursive: true);
        Directory.CreateSymbolicLink(_computer.At("disk2"), _computer.At("disk1"));
        (await _computer.RunAsync("status")).ShouldExit(1).ShouldReportOnce("names " + _computer.At("disk1") + " twice");
    }

    [Fact]
    public async Task ADirectoryOfAKnownGridThatIsAwayIsNotMadeAnewAloneOrWithTheOthers()
    {
        (await SyncAsync()).ShouldExit(0);
        string[] disks = ["disk1", "disk2", "disk3", "disk4", "disk5"];
        foreach (string disk in disks) Lose(disk);
        var result = (await _computer.RunAsync("sync", "carol", "dave", "--grid", "grid.txt")).ShouldExit(1);
        result.ShouldReportOnce("make an empty directory 'shares' in each", _computer.At("disk1"), _computer.At("disk5"));
        result.Errors.ShouldNotContain("grid.txt");
        _computer.Write("x", "x");
        (await _computer.RunAsync("put", "x", "--grid", "disk3")).ShouldExit(1).ShouldReportOnce($"'{_computer.At("disk3")}' is missing or empty");
        foreach (string disk in disks) _computer.Exists(disk).ShouldBeFalse(disk);
    }

    [Fact]
    public async Task WhatNeedsNoStorageIsToldWithoutAnyDirectory()
    {
        _computer.Write("alice/file", "content");
        (await SyncAsync()).ShouldExit(0);
        for (int i = 1; i <= 5; i++) Lose($"disk{i}");
        var why = (await _computer.RunAsync("why", "file")).ShouldExit(0);
        why.ErrorLines.ShouldHaveSingleItem().ShouldContain("the times of versions are not shown: None of the 5 directories of the grid can be used");
        (await _computer.RunAsync("check")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem().ShouldContain(_computer.At("disk5"));
    }

    [Fact]
    public async Task EmptyDirectoriesInThePlacesOfLostOnesAreFilledByRepairAndOthersMayBeLostThen()
    {
        _computer.Write("alice/file", SampleTree.Bytes(200_000));
        (await SyncAsync()).ShouldExit(0);
        foreach (string disk in (string[])["disk1", "disk2"]) Lose(disk);
        _computer.Write("alice/more", SampleTree.Bytes(100_000));
        (await SyncAsync()).ShouldExit(0);
        foreach (string disk in (string[])["disk1", "disk2"]) Directory.CreateDirectory(_computer.At(disk + "/shares"));

        (await _computer.RunAsync("check", "--repair")).ShouldExit(0).Output.ShouldContain("head of alice");
        foreach (string disk in (string[])["disk3", "disk4", "disk5"]) Lose(disk);
        (await _computer.RunAsync("check")).Output.ShouldContain("Every version can be read");
        (await _computer.RunAsync("restore", "more", "--at", "0s", "--to", "out")).ShouldExit(0);
        File.ReadAllBytes(_computer.At("out/more")).ShouldBe(SampleTree.Bytes(100_000));
        (await _computer.RunAsync("check", "--repair")).ShouldExit(3).Output.ShouldContain("not healthy. Bring back the servers that fail or are full, or put others in their places; then repair again.");
    }

    [Fact]
    public async Task WhatMayNotBeWrittenOrReadIsNamed()
    {
        if (OperatingSystem.IsWindows()) return;
        _computer.Write("file", SampleTree.Bytes(10_000));
        string cap = (await _computer.RunAsync("put", "file", "--grid", "grid.txt")).ShouldExit(0).Output.TrimEnd();
        foreach (string disk in (string[])["disk1", "disk2"]) File.SetUnixFileMode(_computer.At(disk + "/locks"), UnixFileMode.None);
        var result = (await _computer.RunAsMortalAsync("put", "file", "--random-key", "--grid", "grid.txt")).ShouldExit(0);
        result.ErrorLines.Length.ShouldBe(2, result.ToString());
        result.ErrorLines.ShouldAllBe(line => line.StartsWith("grid: No permission for ", StringComparison.Ordinal));
        (await _computer.RunAsMortalAsync("get", cap, "--grid", "grid.txt", "--to", "out")).ShouldExit(0);
        File.SetUnixFileMode(_computer.At("grid.txt"), UnixFileMode.None);
        (await _computer.RunAsMortalAsync("get", cap, "--grid", "grid.txt", "--to", "out")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem().ShouldContain("The grid file");
    }

    [Fact]
    public async Task ALostDirectoryIsNotMadeAnewForAnotherFolder()
    {
        _computer.Write("alice/file", "content");
        (await SyncAsync()).ShouldExit(0);
        Lose("disk4");
        _computer.Write("carol/file", "content");
        (await _computer.RunAsync("sync", "carol", "dave", "--grid", "grid.txt")).ShouldExit(0);
        _computer.Exists("disk4").ShouldBeFalse();
    }

    [Theory]
    [InlineData("k = 6\nn = 5\ndisk1\n", "k = 6 and n = 5")]
    [InlineData("k = 2\nalice/disk\ndisk2\n", "inside one another")]
    [InlineData("disk1\ndisk1\n", "line 2")]
    public async Task AGridFileThatMakesNoSenseIsRefused(string text, string message)
    {
        _computer.Write("alice/file", "content");
        _computer.Write("grid.txt", text);
        var result = await SyncAsync();
        result.ExitCode.ShouldBeOneOf(1, 2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain(message);
        _computer.Exists("disk1").ShouldBeFalse();
    }

    public void Dispose() => _computer.Dispose();

    private Task<ProgramResult> SyncAsync() => _computer.RunAsync("sync", "alice", "bob", "--grid", "grid.txt");

    private void Lose(string directory) => Directory.Move(_computer.At(directory), _computer.At(directory + ".away"));

    private void BringBack(string directory) => Directory.Move(_computer.At(directory + ".away"), _computer.At(directory));
}
