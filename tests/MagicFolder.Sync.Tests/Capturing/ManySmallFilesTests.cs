using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Capturing;

/// <summary>More files than are read ahead, staged or committed at once.</summary>
public sealed class ManySmallFilesTests
{
    private const int Count = 1500;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AllComeOverWhateverIsDoneAtTheSameTime(bool background)
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob", "carol");
        for (int i = 0; i < Count; i++) world.Write("alice", $"d{i % 37:d2}/f{i}", new string((char)('a' + (i % 26)), i * 7 % 5000));
        world.Write("bob", "of-bob", "bob's");

        await SyncAsync(world, new EngineOptions { Background = background, Threads = 3, CaptureBatchCount = 400, PublishEarly = TimeSpan.Zero });

        world.Names("bob").ShouldBe(world.Names("alice"));
        world.Names("carol").ShouldBe(world.Names("alice"));
        for (int i = 0; i < Count; i++) world.Read("carol", $"d{i % 37:d2}/f{i}").ShouldBe(new string((char)('a' + (i % 26)), i * 7 % 5000));
        world.Read("alice", "of-bob").ShouldBe("bob's");
    }

    [Fact]
    public async Task WhatIsCommittedIsPublishedBeforeTheRoundEnds()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        for (int i = 0; i < 900; i++) world.Write("alice", $"f{i:d4}", $"content {i}");

        await SyncAsync(world, new EngineOptions { CaptureBatchCount = 300, PublishEarly = TimeSpan.Zero });

        using var view = world.View("alice");
        view.State.Versions.Read()!.PublishedSeq.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task WhoMeetsAHistoryPublishesOnlyWhenAllIsComparedWithIt()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        for (int i = 0; i < 300; i++) world.Write("alice", $"f{i:d4}", "first");
        await SyncAsync(world, new EngineOptions(), "alice");
        for (int i = 0; i < 300; i++) world.Write("alice", $"f{i:d4}", "second");
        await SyncAsync(world, new EngineOptions(), "alice");
        // Bob has the former versions of all files, brought by other means, and has never taken part.
        for (int i = 0; i < 300; i++) world.Write("bob", $"f{i:d4}", "first");
        // And enough of his own, before them, that something could be published early.
        for (int i = 0; i < 60; i++) world.Write("bob", $"a{i:d4}", "bob's");

        await SyncAsync(world, new EngineOptions { CaptureBatchCount = 50, PublishEarly = TimeSpan.Zero }, "bob");
        await SyncAsync(world, new EngineOptions());

        world.Names("bob").Count.ShouldBe(360, "none is a conflict");
        for (int i = 0; i < 300; i++) world.Read("bob", $"f{i:d4}").ShouldBe("second");
    }

    private static async Task SyncAsync(EmbeddedWorld world, EngineOptions options, params string[] only)
    {
        var cancel = TestContext.Current.CancellationToken;
        var environment = new SessionEnvironment(world.Grid, TimeProvider.System, EmbeddedWorld.Random, options);
        var folder = only.Length == 0 ? world.Folder : world.Folder with { Participants = [.. world.Folder.Participants.Where(participant => only.Contains(participant.Name))] };
        await using var session = await FolderSession.OpenAsync(folder, world.StateDirectory, environment, cancel);
        await session.RunToRestAsync(cancel);
        foreach (var participant in session.Participants) participant.StopReason.ShouldBeNull();
    }
}
