using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

public sealed class WhyTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task WhatIsHereAndWhatHappenedIsTold()
    {
        _computer.Write("alice/d/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        _computer.Write("alice/d/x.txt", "second");
        await _computer.SyncAsync("alice", "bob");

        var told = (await _computer.RunAsync("why", _computer.At("bob/d/x.txt"))).ShouldExit(0).ShouldBeCalm();
        told.Output.ShouldStartWith("bob has d/x.txt as version 2 of alice (");
        told.Output.ShouldContain("took its place");
        told.Errors.ShouldBeEmpty();

        using var document = JsonDocument.Parse((await _computer.RunAsync("why", "d/x.txt", "--as", "bob", "--json")).ShouldExit(0).Output);
        document.RootElement.GetProperty("here").GetProperty("participant").GetString().ShouldBe("alice");
        document.RootElement.GetProperty("here").GetProperty("seq").GetInt64().ShouldBe(2);
        document.RootElement.GetProperty("activity").GetArrayLength().ShouldBeGreaterThan(0);
        document.RootElement.GetProperty("sentences").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task WithoutTheStorageOnlyTheTimesAreMissing()
    {
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        Directory.Move(_computer.Grid, _computer.Grid + ".away");
        var told = (await _computer.RunAsync("why", "x.txt")).ShouldExit(0).ShouldReportOnce("times");
        told.Output.ShouldContain("alice has x.txt as version 1 of alice: a file");
        (await _computer.RunAsync("conflicts")).ShouldExit(0);
        (await _computer.RunAsync("history", "x.txt")).ShouldExit(1).ErrorLines.Length.ShouldBe(1);
    }

    [Fact]
    public async Task WhatNobodyHeardOfIsOneLine()
    {
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("why", "y.txt")).ShouldExit(1).ShouldReportOnce("Nothing is known of y.txt");
        (await _computer.RunAsync("why", "alice/.magic-folder/folder.json")).ShouldExit(2).ShouldReportOnce("belongs to the program");
    }

    [Fact]
    public async Task WithoutAFolderEveryCommandSaysHowToMakeOne()
    {
        foreach (string[] command in new string[][] { ["conflicts"], ["history"], ["why", "x"], ["resolve", "x", "--take", "mine"], ["restore", "x", "--at", "1d"] })
            (await _computer.RunAsync(command)).ShouldExit(1).ShouldReportOnce("magic-folder sync");
        (await _computer.RunAsync("why", "x", "--state", "nowhere")).ShouldExit(1).ShouldReportOnce("nowhere");
    }

    [Fact]
    public async Task OfSeveralFoldersThePathChooses()
    {
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        _computer.Write("carol/y.txt", "second");
        await _computer.SyncAsync("carol", "dave");
        (await _computer.RunAsync("why", "dave/y.txt")).ShouldExit(0).Output.ShouldContain("version 1 of carol");
        (await _computer.RunAsync("why", "y.txt")).ShouldExit(1).ShouldReportOnce("several", "--state");
    }

    [Fact]
    public async Task EveryCommandHelpsWithAnExample()
    {
        foreach (string command in new[] { "conflicts", "resolve", "history", "restore", "why" })
            (await _computer.RunAsync(command, "--help")).ShouldExit(0).Output.ShouldContain($"Example: magic-folder {command}");
    }
}
