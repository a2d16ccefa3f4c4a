using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>check without a cap.</summary>
public sealed class FolderCheckTests : IDisposable
{
    private static readonly string[] Keys =
    [
        "folder", "participant", "healthy", "readable", "participants", "snapshots", "versions", "objects", "shares", "shareBytes", "contentBytes", "unhealthy", "lostVersions", "lostTrees",
        "lostSnapshots", "problems", "spread", "troubles", "repair",
    ];

    private readonly Computer _computer = new();

    [Fact]
    public async Task AWellFolderIsWell()
    {
        _computer.Write("alice/x", "first");
        await _computer.SyncAsync("alice", "bob");
        _computer.Write("bob/x", "second");
        await _computer.SyncAsync("alice", "bob");

        var result = (await _computer.RunAsync("check")).ShouldExit(0).ShouldBeCalm();

        result.Output.ShouldContain("2 participants");
        result.Output.ShouldContain("2 versions of files");
        result.Output.ShouldContain("All is well");
        result.Errors.ShouldBeEmpty();
        using var document = JsonDocument.Parse((await _computer.RunAsync("check", "--state", _computer.State, "--as", "bob", "--json")).ShouldExit(0).Output);
        document.RootElement.EnumerateObject().Select(key => key.Name).ShouldBe(Keys);
        document.RootElement.GetProperty("healthy").GetBoolean().ShouldBeTrue();
        document.RootElement.GetProperty("participant").GetString().ShouldBe("bob");
    }

    [Fact]
    public async Task ALostPackIsToldByTheVersionsInItAlsoWhileAWatchRuns()
    {
        byte[] former = SampleTree.Bytes(300_000);
        _computer.Write("alice/d/x", former);
        _computer.Write("alice/other", "other");
        await _computer.SyncAsync("alice", "bob");
        string pack = Shares(_computer.Grid).Single(share => new FileInfo(share).Length > former.Length);
        _computer.Write("bob/d/x", "second");
        await _computer.SyncAsync("alice", "bob");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");
        File.Delete(pack);

        foreach (string[] repair in (string[][])[[], ["--repair"]])
        {
            var result = (await _computer.RunAsync(["check", .. repair])).ShouldExit(1).ShouldBeCalm();
            result.Output.ShouldContain("    missing: 0\n");
            result.Output.Split('\n').Count(line => line.StartsWith("  lost  d/x", StringComparison.Ordinal) && line.Contains("alice", StringComparison.Ordinal)).ShouldBe(1, result.ToString());
            result.Output.Contains("not repaired: ", StringComparison.Ordinal).ShouldBe(repair.Length > 0, result.ToString());
            using var document = JsonDocument.Parse((await _computer.RunAsync(["check", "--json", .. repair])).ShouldExit(1).Output);
            var lost = document.RootElement.GetProperty("lostVersions").EnumerateArray().Where(one => one.GetProperty("path").GetString() == "d/x").ToArray().ShouldHaveSingleItem();
            lost.EnumerateObject().Select(key => key.Name).ShouldBe(["path", "version", "participant", "seq", "time", "size", "onDisk", "reason"]);
            lost.GetProperty("size").GetInt64().ShouldBe(former.Length);
            using var history = JsonDocument.Parse((await _computer.RunAsync("history", "d/x", "--json")).ShouldExit(0).Output);
            history.RootElement.EnumerateArray().Last().GetProperty("version").GetString().ShouldBe(lost.GetProperty("version").GetString());
        }
        watch.Interrupt();
        (await watch.EndAsync()).ShouldBeCalm();
    }

    [Fact]
    public async Task WhatIsMissingOnAGridOfFiveIsMadeAgain()
    {
        _computer.Write("grid.txt", "k = 2\nn = 5\ndisk1\ndisk2\ndisk3\ndisk4\ndisk5\n");
        _computer.Write("alice/x", SampleTree.Bytes(300_000));
        (await _computer.RunAsync("sync", "alice", "bob", "--grid", "grid.txt")).ShouldExit(0);
        foreach (string share in Shares(_computer.At("disk3"))) File.Delete(share);

        var found = (await _computer.RunAsync("check")).ShouldExit(3).ShouldBeCalm();
        found.Output.ShouldContain("head of bob");
        found.Output.ShouldContain("Repair with --repair");
        using var document = JsonDocument.Parse((await _computer.RunAsync("check", "--json")).ShouldExit(3).Output);
        document.RootElement.GetProperty("unhealthy").EnumerateArray().Select(one => one.GetProperty("kind").GetString()).Distinct().ShouldBe(["collective", "personal", "pack"]);
        (await _computer.RunAsync("check", "--repair")).ShouldExit(0).ShouldBeCalm().Output.ShouldContain("objects repaired. All is well");
        (await _computer.RunAsync("check")).ShouldExit(0).ShouldBeCalm();
        Shares(_computer.At("disk3")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task AGridThatIsAwayIsOneClearError()
    {
        _computer.Write("alice/x", "first");
        await _computer.SyncAsync("alice", "bob");
        Directory.Move(_computer.Grid, _computer.Grid + ".away");
        var result = (await _computer.RunAsync("check", "--repair")).ShouldExit(1).ShouldBeCalm();
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain(_computer.Grid);
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task OptionsThatMakeNoSenseTogetherAreRefused()
    {
        (await _computer.RunAsync("check")).ShouldExit(1).ErrorLines.ShouldHaveSingleItem().ShouldContain("no magic folder yet");
        (await _computer.RunAsync("check", "--grid", "grid")).ShouldExit(2).ErrorLines.ShouldHaveSingleItem().ShouldContain("--grid goes with a CAP");
        (await _computer.RunAsync("check", "URI:LIT:me", "--as", "alice")).ShouldExit(2).ErrorLines.ShouldHaveSingleItem().ShouldContain("--state and --as");
        (await _computer.RunAsync("check", "URI:LIT:me")).ShouldExit(0);
    }

    public void Dispose() => _computer.Dispose();

    private static string[] Shares(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => int.TryParse(Path.GetFileName(file), out _))];
}
