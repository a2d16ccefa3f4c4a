using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

public sealed class DeletionGuardTests : IDisposable
{
    private const int Files = 80;
    private readonly Computer _computer = new();

    [Fact]
    public async Task DeletingEverythingIsHeldBackUntilItIsConfirmed()
    {
        await DeleteAllOfAliceAsync();

        var held = await _computer.RunAsync("sync", "alice", "bob");
        held.ShouldExit(3).ShouldReportOnce("alice", "held back", "magic-folder confirm", "--confirm-deletions");
        _computer.Names("bob").Length.ShouldBe(Files);
        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(3);
        _computer.Names("bob").Length.ShouldBe(Files);

        (await _computer.RunAsync("sync", "alice", "bob", "--confirm-deletions")).ShouldExit(0);
        _computer.Names("bob").ShouldBeEmpty();
        (await _computer.SyncAsync("alice", "bob")).Output.ShouldContain("Nothing to do");
    }

    [Fact]
    public async Task WhatWasHeldBackIsForgottenWhenTheFilesComeBack()
    {
        await DeleteAllOfAliceAsync();
        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(3);

        foreach (int i in Enumerable.Range(0, Files)) _computer.Write($"alice/{i}", $"content {i}");
        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(0);

        _computer.Names("bob").Length.ShouldBe(Files);
        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(0).Output.ShouldContain("Nothing to do");
    }

    [Fact]
    public async Task NewFilesGoOnWhileDeletionsAreHeldBack()
    {
        await DeleteAllOfAliceAsync();
        _computer.Write("alice/new", "new");

        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(3);

        _computer.Read("bob/new").ShouldBe("new");
        _computer.Names("bob").Length.ShouldBe(Files + 1);
    }

    [Fact]
    public async Task MovingEverythingIsNothingToAskAbout()
    {
        foreach (int i in Enumerable.Range(0, Files)) _computer.Write($"alice/old/{i}", $"content {i}");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.At("alice/old"), _computer.At("alice/new"));
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("bob/new").Length.ShouldBe(Files);
        Directory.Exists(_computer.At("bob/old")).ShouldBeFalse();
    }

    [Fact]
    public async Task DeletingAFewIsNothingToAskAbout()
    {
        foreach (int i in Enumerable.Range(0, Files)) _computer.Write($"alice/{i}", $"content {i}");
        await _computer.SyncAsync("alice", "bob");

        foreach (int i in Enumerable.Range(0, 15)) _computer.Delete($"alice/{i}");
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("bob").Length.ShouldBe(Files - 15);
    }

    public void Dispose() => _computer.Dispose();

    private async Task DeleteAllOfAliceAsync()
    {
        foreach (int i in Enumerable.Range(0, Files)) _computer.Write($"alice/{i}", $"content {i}");
        await _computer.SyncAsync("alice", "bob");
        foreach (int i in Enumerable.Range(0, Files)) _computer.Delete($"alice/{i}");
    }
}
